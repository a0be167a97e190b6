// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/disk/disk_room.h"

#include "src/common/clock.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS 10000

bool disk_room_has(const struct statvfs *vfs, uint64_t bytes, uint64_t inodes)
{
	return (uint64_t)vfs->f_bavail * vfs->f_frsize >= bytes &&
	       (!vfs->f_files || vfs->f_favail >= inodes);
}

int disk_room_wait(int fd, uint64_t bytes, uint64_t inodes, struct statvfs *ret)
{
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	uint64_t deadline = clock_ms() + WAIT_MS;

	(void)syncfs(fd);
	for (;;) {
		if (fstatvfs(fd, ret) < 0)
			return -errno;
		if (disk_room_has(ret, bytes, inodes) || clock_ms() >= deadline)
			return 0;
		nanosleep(&pause, NULL);
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/lock.h"

#include "src/common/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>

/* Is the file that was locked still the one that has the name? Else its owner removed it. */
static bool is_current(int dir_fd, int fd)
{
	struct stat mine, now;

	return fstat(fd, &mine) == 0 &&
	       fstatat(dir_fd, LOCK_NAME, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	       mine.st_dev == now.st_dev && mine.st_ino == now.st_ino;
}

static int lock_file(int fd, const char *dir, void (*waits)(const char *), bool *told)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_SETLK, &whole) == 0)
		return 0;
	if (errno != EAGAIN && errno != EACCES)
		return -errno;
	if (!waits)
		return -EAGAIN;
	if (!*told)
		waits(dir);
	*told = true;
	return fcntl(fd, F_OFD_SETLKW, &whole) < 0 ? -errno : 0;
}

static const char *hint_of(int r)
{
	switch (-r) {
	case ENOLCK:
	case EOPNOTSUPP:
		return "mount it with locks, or name another place";
	case EROFS:
	case EACCES:
		return "name another place, or make it writable";
	default:
		return NULL;
	}
}

int lock_take(int dir_fd, const char *dir, void (*waits)(const char *dir), struct lock *ret,
	      struct failure *f)
{
	bool told = false;

	for (;;) {
		auto_close int fd =
			openat(dir_fd, LOCK_NAME,
			       O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
		int r = fd < 0 ? -errno : 0;

		/* Who can only read it can lock it too; an earlier version left it so. */
		if (r == 0)
			fchmod(fd, 0600);
		if (r == 0)
			r = lock_file(fd, dir, waits, &told);

		if (r == -EAGAIN)
			return fail(f, EAGAIN, NULL, "%s: another initrd-builder is at work there",
				    dir);
		if (r < 0 || interrupted)
			return fail_errno(f, r < 0 ? -r : EINTR, hint_of(r), "%s: " LOCK_NAME, dir);
		if (!is_current(dir_fd, fd))
			continue;
		*ret = (struct lock){ .dir_fd = dir_fd, .fd = steal_fd(&fd) };
		return 0;
	}
}

void lock_release(struct lock *lock)
{
	if (lock->fd < 0)
		return;
	unlinkat(lock->dir_fd, LOCK_NAME, 0);
	close(lock->fd);
	*lock = LOCK_NONE;
}

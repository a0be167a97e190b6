// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/results_room.h"

#include "src/common/clock.h"
#include "src/common/macro.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define STEP_MS	 20   /* of each fifth of a second (machine_watch.c) */
#define PAUSE_MS 1000 /* between two walks */
#define LOOK_AT	 32   /* names between two looks at the clock */
#define SIZE_MIN (64ull << 20)
#define HINT	 "\"results_size:\" in the host file says how much they may take"

static void close_all(struct results_room *room)
{
	while (room->depth)
		closedir(room->open[--room->depth]);
}

/* Goes into a folder. One that is gone, or that nobody but the machine may read, is passed over. */
static void enter(struct results_room *room, int at, const char *name)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	int fd = openat(at, name, flags);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (dir)
		room->open[room->depth++] = dir;
	else if (fd >= 0)
		close(fd);
}

static void take_name(struct results_room *room, DIR *dir, const char *name)
{
	struct stat st;

	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return;
	room->names++;
	if (fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_dev != room->device)
		return;
	room->sum += (uint64_t)st.st_blocks * 512 /
		     (S_ISDIR(st.st_mode) || !st.st_nlink ? 1 : st.st_nlink);
	if (S_ISDIR(st.st_mode) && room->depth == RESULTS_DEPTH_MAX)
		room->deep++;
	else if (S_ISDIR(st.st_mode))
		enter(room, dirfd(dir), name);
}

static bool is_too_much(const struct results_room *room)
{
	return room->sum > room->limit || room->names > room->names_limit ||
	       room->deep > room->deep_limit;
}

/* Walks until the clock says `until` (0: to the end). */
static void walk(struct results_room *room, uint64_t until)
{
	for (unsigned n = 1; room->depth; n++) {
		DIR *dir = room->open[room->depth - 1];
		const struct dirent *entry = readdir(dir);

		if (entry)
			take_name(room, dir, entry->d_name);
		else
			closedir(room->open[--room->depth]);
		if (is_too_much(room) || (until && n % LOOK_AT == 0 && clock_ms() >= until))
			return;
	}
}

static void start(struct results_room *room)
{
	room->sum = room->names = room->deep = 0;
	enter(room, room->dir, ".");
}

int results_room_begin(struct results_room *room, int dir, uint64_t size, struct failure *f)
{
	struct statvfs fs;
	struct stat st;

	*room = (struct results_room){
		.dir = dir,
		.limit = UINT64_MAX,
		.names_limit = UINT64_MAX,
		.deep_limit = UINT64_MAX,
	};
	if (fstat(dir, &st) < 0 || fstatvfs(dir, &fs) < 0)
		return fail_errno(f, errno, NULL, "the results");
	room->device = st.st_dev;
	room->size = size ? size : (uint64_t)fs.f_bavail * fs.f_frsize / 2;
	if (!size && room->size < SIZE_MIN)
		room->size = SIZE_MIN;
	start(room);
	walk(room, 0);
	room->limit = room->sum + room->size;
	room->names_limit = room->names + RESULTS_NAMES_MAX;
	room->deep_limit = room->deep;
	return 0;
}

int results_room_look(struct results_room *room, const char *name, struct failure *f)
{
	uint64_t now = clock_ms();

	if (room->dir < 0 || (!room->depth && now < room->next_ms))
		return 0;
	if (!room->depth)
		start(room);
	walk(room, now + STEP_MS);
	if (!room->depth)
		room->next_ms = clock_ms() + PAUSE_MS;
	if (!is_too_much(room))
		return 0;
	if (room->deep > room->deep_limit)
		return fail(f, EFBIG, NULL, "%s: the machine made folders too deep to be counted",
			    name);
	if (room->names > room->names_limit)
		return fail(f, EFBIG, NULL, "%s: the machine made more than %u files", name,
			    RESULTS_NAMES_MAX);
	return fail(f, EFBIG, HINT, "%s: the machine's results take more than %llu MiB", name,
		    (unsigned long long)(room->size >> 20));
}

void results_room_end(struct results_room *room)
{
	close_all(room);
	room->dir = -1;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/room.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/pause.h"
#include "src/testbox/machine/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define LOOK_S	  0.5
#define MIB	  (1ull << 20)
#define FILE_NAME "room"
#define TEXT_MAX  64
#define RESERVE	  10 /* one part of so many stays free */
/* A running machine ends when less is left than one part of so many, or than this. */
#define SHORT	    20
#define SHORT_BYTES (2ull << 30)
#define SHORT_FILES 65536

static uint64_t allocated(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? (uint64_t)st.st_blocks * 512 : 0;
}

/* What the disks of a testbox, fresh and kept, have taken. */
static uint64_t taken(const char *dir)
{
	uint64_t sum = 0;

	for (size_t i = 1; i <= HOST_DISKS_MAX; i++) {
		auto_free char *fresh = xasprintf("%s/run/disk-%zu.qcow2", dir, i);
		auto_free char *kept = xasprintf("%s/disk-%zu.qcow2", dir, i);

		sum += allocated(fresh) + allocated(kept);
	}
	return sum;
}

static uint64_t less(uint64_t from, uint64_t what)
{
	return what < from ? from - what : 0;
}

uint64_t room_left(const char *state)
{
	auto_failure struct failure unsaid = { 0 };
	auto_strv char **names = NULL;
	struct statvfs fs;
	uint64_t left;

	if (statvfs(state, &fs) < 0)
		return 0;
	left = less((uint64_t)fs.f_bavail * fs.f_frsize,
		    (uint64_t)fs.f_blocks * fs.f_frsize / RESERVE);
	box_names(&names, &unsaid);
	for (char **name = names; name && *name; name++) {
		auto_free char *dir = xasprintf("%s/%s", state, *name);
		auto_free char *path = xasprintf("%s/run/" FILE_NAME, dir), *text = NULL;

		if (file_read(AT_FDCWD, path, TEXT_MAX, &text) == 0)
			left = less(left, less(strtoull(text, NULL, 10), taken(dir)));
	}
	return left;
}

bool room_is_short(int dir)
{
	struct statvfs fs;
	uint64_t all, left;

	if (fstatvfs(dir, &fs) < 0)
		return false;
	/* Some file systems have no such number, and say 0. */
	if (fs.f_files && fs.f_favail < fs.f_files / SHORT && fs.f_favail < SHORT_FILES)
		return true;
	all = (uint64_t)fs.f_blocks * fs.f_frsize;
	left = (uint64_t)fs.f_bavail * fs.f_frsize;
	return left < all / SHORT && left < SHORT_BYTES;
}

char *room_file(const struct box *box)
{
	return xasprintf("%s/" FILE_NAME, box->run);
}

/* What the disks may become. One that nobody gave a size is thin, and promises nothing. */
static uint64_t wanted_by(const struct machine_plan *plan)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < plan->n_images; i++)
		if (!plan->images[i].thin)
			sum += less(plan->images[i].size, allocated(plan->images[i].path));
	return sum;
}

/* 1: it is promised; 0: it is not left. */
static int take(const struct box *box, const char *state, uint64_t wanted, uint64_t *ret_left,
		const volatile sig_atomic_t *stop, struct failure *f)
{
	auto_close int lock = memory_lock_promises(stop, f);
	auto_free char *path = room_file(box), *text = NULL;

	if (lock < 0)
		return lock;
	*ret_left = room_left(state);
	if (*ret_left < wanted)
		return 0;
	text = xasprintf("%llu\n", (unsigned long long)wanted);
	file_write(AT_FDCWD, path, text, 0600);
	return 1;
}

static bool never(const char *state, uint64_t wanted)
{
	struct statvfs fs;

	return statvfs(state, &fs) == 0 &&
	       (uint64_t)fs.f_blocks * fs.f_frsize / RESERVE * (RESERVE - 1) < wanted;
}

int room_wait(const struct box *box, const struct machine_plan *plan, unsigned seconds,
	      const volatile sig_atomic_t *stop, struct failure *f)
{
	auto_free char *state = box_state_dir();
	uint64_t wanted = wanted_by(plan), left = 0;
	double start = pause_clock();
	bool said = false;

	while (wanted) {
		int r = take(box, state, wanted, &left, stop, f);

		if (r != 0)
			return r < 0 ? r : 0;
		if (never(state, wanted) || pause_clock() - start >= seconds)
			return fail(f, ENOSPC, "fewer or smaller disks, or another TESTBOX_STATE=",
				    "%s: disks of %llu MiB are asked for, and there is room for "
				    "%llu, with a tenth of the file system kept free",
				    state, (unsigned long long)(wanted / MIB),
				    (unsigned long long)(left / MIB));
		if (*stop)
			return fail(f, EINTR, NULL, "interrupted while waiting for room");
		if (!said) {
			log_line(LOG_NOTICE,
				 "%s: waiting for room: disks of %llu MiB, there is room for %llu",
				 box->name, (unsigned long long)(wanted / MIB),
				 (unsigned long long)(left / MIB));
			box_say(box, "waiting for room");
		}
		said = true;
		pause_for(LOOK_S, stop);
	}
	return 0;
}

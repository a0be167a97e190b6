// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/download_room.h"

#include "src/testbox/download/download_cache_evict.h"

#include <errno.h>
#include <sys/statvfs.h>

#define RESERVE_PART 10		   /* one of so many parts of the file system stays free … */
#define RESERVE_MAX  (10ull << 30) /* … and no more than this */

uint64_t download_room_left(int fd)
{
	struct statvfs vfs;
	uint64_t free, reserve;

	if (fstatvfs(fd, &vfs) < 0)
		return UINT64_MAX;
	free = (uint64_t)vfs.f_bavail * vfs.f_frsize;
	reserve = (uint64_t)vfs.f_blocks / RESERVE_PART * vfs.f_frsize;
	if (reserve > RESERVE_MAX)
		reserve = RESERVE_MAX;
	return free > reserve ? free - reserve : 0;
}

/* Is there room for `bytes` more than what is awaited already? */
static int check(struct download_room *room, uint64_t bytes, const char *shown, struct failure *f)
{
	uint64_t needs = room->awaited + bytes, have = download_room_left(room->cache->dir);

	if (bytes > room->most || room->sum + room->awaited > room->most - bytes)
		return fail(f, EFBIG, NULL, "%s: the files of the script are larger than %llu KiB",
			    shown, (unsigned long long)room->most >> 10);
	if (have < needs && download_cache_evict_some(room->cache, needs - have))
		have = download_room_left(room->cache->dir);
	if (have >= needs)
		return 0;
	return fail(f, ENOSPC,
		    "make room on its file system, of which a tenth stays free, or use another "
		    "--cache",
		    "%s: the cache %s has no room for it: %llu of %llu KiB", shown,
		    room->cache->path, (unsigned long long)have >> 10,
		    (unsigned long long)needs >> 10);
}

void download_room_end(struct download_room *room, struct download_share *share)
{
	room->awaited -= share->awaited;
	share->awaited = 0;
}

int download_room_begin(struct download_room *room, struct download_share *share, uint64_t have,
			uint64_t rest, const char *shown, struct failure *f)
{
	int r;

	download_room_end(room, share);
	room->sum -= share->counted;
	share->counted = have;
	room->sum += have;
	r = check(room, rest, shown, f);
	if (r < 0)
		return r;
	share->awaited = rest;
	room->awaited += rest;
	return 0;
}

int download_room_take(struct download_room *room, struct download_share *share, uint64_t len,
		       const char *shown, struct failure *f)
{
	uint64_t known = len < share->awaited ? len : share->awaited;
	int r = known < len || download_room_left(room->cache->dir) < len
			? check(room, len - known, shown, f)
			: 0;

	if (r < 0)
		return r;
	share->awaited -= known;
	room->awaited -= known;
	share->counted += len;
	room->sum += len;
	return 0;
}

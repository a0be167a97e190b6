/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rootovl.cache=: a copy of the lower on the disk that holds the upper, which later boots mount in
 * place of it. On that disk:
 *
 *   rootovl/cache/ID/of     which lower, as lower_identity() has it: written first
 *   rootovl/cache/ID/root   the copy, or a part of it
 *   rootovl/cache/ID/made   the mark, JSON: the copy is whole and durable; written last
 *   rootovl/cache/ID/tries  how many boots in a row on it were not seen to come up
 *   rootovl/cache/ID/large  in place of them: it takes more room than a copy may have
 *
 * The helper looks for the copy (cache_find.c) and leaves a service that makes it, or looks at the
 * one in use, in the booted system (cache_fill.c).
 */
#ifndef ROOTOVL_CACHE_H
#define ROOTOVL_CACHE_H

#include "src/common/command.h"
#include "src/rootovl/booted/tree.h"
#include "src/rootovl/settings/paths.h"
#include "src/rootovl/settings/root_source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CACHE_DIR	   "cache" /* in DISK_OURS */
#define DISK_CACHE	   RUN_DISK "/" DISK_OURS "/" CACHE_DIR
#define CACHE_OF	   "of"
#define CACHE_ROOT	   "root"
#define CACHE_MADE	   "made"
#define CACHE_TRIES	   "tries"
#define CACHE_LARGE	   "large"
#define CACHE_IDENTITY_MAX 8192

/*
 * Pure. Does the path of the root, of its share, export or URL, have a date in it, so that what it
 * names never changes? 2024-05-01, 2024.05.01, 2024_05_01 or 20240501, which a time may follow, in
 * digits or behind another character.
 */
bool cache_is_dated(const struct root_source *source);

/*
 * Pure. One line that says which lower it is: what the server is asked for, and the options that
 * change how it looks; no password. `digest`: of a fetched image, or NULL. The caller's.
 */
char *cache_key(const struct root_source *source, const char *digest);

/* Pure. The name of the copy's directory: 16 hexadecimal digits of the key. The caller's. */
char *cache_id(const char *key);

/* A directory in CACHE_DIR: a copy, whole or in part. */
struct cache_entry {
	char *id;
	int64_t used;	  /* when it was last made or mounted, seconds since 1970 */
	uint64_t room;	  /* what it takes of the disk, bytes */
	uint64_t objects; /* and inodes */
};

/* The file system that the copies are on. */
struct cache_disk {
	uint64_t size, available;     /* bytes */
	uint64_t inodes, inodes_free; /* 0: as many as wanted */
};

/*
 * Pure. Copies may take half of the file system, and leave a tenth of it and of its inodes free.
 * Which of the others has to go before the one being made, which takes `part` bytes already, may
 * take `more`? The one that was unused for longest. Gives its index, CACHE_FITS or CACHE_LARGER: it
 * is too large even alone, or CACHE_FULL: what else is on the disk leaves no room now, even if all
 * of them went; so none does.
 */
enum { CACHE_FITS = -1, CACHE_LARGER = -2, CACHE_FULL = -3 };
int cache_evict(const struct cache_entry *others, size_t n, uint64_t part, uint64_t more,
		const struct cache_disk *disk);

/* What the mark of a whole copy says. */
struct cache_mark {
	char *of; /* lower_identity() when it was made */
	struct tree_count count;
};

/* Reads the mark in the copy's directory. Gives 0, -ENOENT, or -EINVAL for what is none of ours. */
int cache_mark_read(int dir, struct cache_mark *ret);

/* Makes what was written to that file system durable, and then the mark. Gives 0 or -errno. */
int cache_mark_write(int dir, const struct cache_mark *mark);
void cache_mark_done(struct cache_mark *mark);

/* Is its first line the key? */
bool cache_is_of(const char *identity, const char *key);

/*
 * Leaves the service in /run/systemd/system, and its program, which is rootovl-report. `used`: the
 * copy is the lower of this boot, and only looked at. Gives 0 or -errno.
 */
int cache_leave_filler(const char *key, bool used);

/* `rootovl cache-fill`: makes the copy. */
extern const struct command command_cache_fill;

#endif

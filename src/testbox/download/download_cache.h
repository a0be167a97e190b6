/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folder of downloads that all testboxes of a host share. An entry is one URL; its files begin
 * with KEY, the URL's SHA-256:
 *
 * Only the user of testbox can open them.
 *
 *   KEY.lock    flock(2): who holds it is the only one that downloads this URL
 *   KEY.json    what is known of the whole file: its name, size, ETag, when the server was asked;
 *               its modification time is the entry's last use
 *   KEY.N.file  the whole file; N changes with each new one, and KEY.json names it: one rename(2)
 *               makes file and knowledge new together
 *   KEY.part    what is there of one that is on its way
 *   KEY.from    what KEY.part is a part of: a validator for If-Range
 *
 * A process that is killed at any step leaves an entry that is complete, old or absent.
 */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/download/download_cache_key.h"

#include <stdbool.h>
#include <stdint.h>

struct download_cache {
	char *path;
	int dir;
};

/* Opens the folder; makes it, with those above it. */
int download_cache_open(struct download_cache *ret, const char *path, struct failure *f);
void download_cache_close(struct download_cache *cache);

/* One URL's entry, while its lock is held. */
struct cache_entry {
	char key[DOWNLOAD_CACHE_KEY_ROOM];
	char *url;
	int lock;
	char *file; /* the whole file's name below the folder; NULL: there is none */
	uint64_t size;
	char *etag;	   /* of the whole file; NULL: none */
	char *modified;	   /* Last-Modified of it; NULL: none */
	uint64_t asked_at; /* when the server last said so, by clock_wall_ns() */
};

/* Takes the lock and reads what is known: 1; 0 where another process has it; or -errno. */
int download_cache_lock(const struct download_cache *cache, const char *url,
			struct cache_entry *ret, struct failure *f);
void download_cache_unlock(struct cache_entry *entry);

/* The whole file, for reading, or -errno: -ENOENT where there is none or it is not whole. */
int download_cache_file(const struct download_cache *cache, const struct cache_entry *entry);

/* The server says that it is still so, or it was used: both count for its age. */
void download_cache_confirm(const struct download_cache *cache, struct cache_entry *entry);

/*
 * Opens what is there of a download (made where there is none) for writing at its end. *ret_from is
 * the validator that it can go on with, or NULL: it must begin again then. Gives a descriptor.
 */
int download_cache_part(const struct download_cache *cache, const struct cache_entry *entry,
			char **ret_from, uint64_t *ret_size, struct failure *f);

/* Closes it; one that is empty does not stay. */
void download_cache_part_close(const struct download_cache *cache, const struct cache_entry *entry,
			       int part);

/* Removes it and its validator. */
void download_cache_part_drop(const struct download_cache *cache, const struct cache_entry *entry);

/* Begins again: empties the part and notes the validator, which may be NULL. */
int download_cache_part_restart(const struct download_cache *cache, const struct cache_entry *entry,
				int part, const char *from, struct failure *f);

/* The part is all: it becomes the whole file, with what the server said of it (or NULL). */
int download_cache_commit(const struct download_cache *cache, struct cache_entry *entry, int part,
			  const char *etag, const char *modified, struct failure *f);

/* Forgets the whole file of a URL, if no other process downloads it just now. */
void download_cache_forget(const struct download_cache *cache, const char *url);

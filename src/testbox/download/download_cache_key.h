/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of the cache of downloads: what the names of an entry's files begin with, and its lock.
 */
#pragma once

#include <stdbool.h>

#define DOWNLOAD_CACHE_KEY_ROOM 65 /* a SHA-256 in hexadecimal digits, and a NUL */

/* Writes the key of a URL. */
void download_cache_key_of(const char *url, char key[DOWNLOAD_CACHE_KEY_ROOM]);

/* Takes a key's lock: a descriptor, or -errno; -EWOULDBLOCK: another process has it. */
int download_cache_key_lock(int dir, const char *key);

/* Does a file's name begin with a key and a dot? */
bool download_cache_key_begins(const char *name);

/* Is it the name of a file of this entry, and below the folder? */
bool download_cache_key_is_of(const char *name, const char *key);

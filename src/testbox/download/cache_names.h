/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the cache's own files share. */
#ifndef TESTBOX_CACHE_NAMES_H
#define TESTBOX_CACHE_NAMES_H

#include <stdbool.h>

/* Takes a key's lock: a descriptor, or -errno; -EWOULDBLOCK: another process has it. */
int cache_lock_key(int dir, const char *key);

/* Is it a file of this entry, and below the folder? */
bool cache_name_is_of(const char *name, const char *key);

#endif

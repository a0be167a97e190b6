/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rootovl.cache=: which lowers are copied to the disk of the upper, and the name of a copy. Pure.
 */
#pragma once

#include "src/rootovl/settings/root_source.h"

#include <stdbool.h>

/*
 * Returns true if the path of the root, of its share, export or URL, has a date in it, so that what
 * it names never changes: 2024-05-01, 2024.05.01, 2024_05_01 or 20240501, which a time may follow,
 * in digits or behind another character.
 */
bool copy_is_dated(const struct root_source *source);

/*
 * Returns one line that identifies the lower: what the server is asked for, and the options that
 * change how it looks; no password. `digest`: of a fetched image, or NULL. The caller frees it.
 */
char *copy_key(const struct root_source *source, const char *digest);

/*
 * Returns the name of the copy's directory: 16 hexadecimal digits, a hash of the key. The caller
 * frees it.
 */
char *copy_id(const char *key);

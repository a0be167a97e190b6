/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names in one directory, read at once: on a network file system a listing costs a round trip
 * or two, where asking for each name costs one a name.
 */
#pragma once

#include <sys/types.h>

struct names;

/* So many are read: a server may go on for ever. */
#define NAMES_MAX (1 << 17)

/* Gives -EFBIG where there are more. */
int names_read(int dirfd, struct names **ret);
void names_free(struct names *names);

/* The d_type of `name` (DT_UNKNOWN is one); -ENOENT. */
int names_type(const struct names *names, const char *name);

/* How many there are, "." and ".." not counted. */
size_t names_count(const struct names *names);
const char *names_nth(const struct names *names, size_t i);

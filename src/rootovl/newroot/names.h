/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads all names of a directory at once. On a network file system a listing costs one or two round
 * trips, and each lookup of a single name costs one.
 */
#pragma once

#include <sys/types.h>

struct names;

/* The most names that are read: a server may never end its listing. */
#define NAMES_MAX (1 << 17)

/* Reads the names of a directory. Returns 0 or -errno; -EFBIG if there are more than NAMES_MAX. */
int names_read(int dirfd, struct names **ret);
void names_free(struct names *names);

/* Returns the d_type of `name`, perhaps DT_UNKNOWN; -ENOENT if the name is not there. */
int names_type(const struct names *names, const char *name);

/* Returns the number of names, without "." and "..". */
size_t names_count(const struct names *names);
const char *names_nth(const struct names *names, size_t i);

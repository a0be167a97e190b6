/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of a line of fstab(5). Pure; texts that are returned are the caller's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Undoes the escapes of a field, \040 for a blank and its kin. A control character becomes '?'. */
char *fstab_field_unescape(const char *field);

/* A path without ".", ".." and double slashes, by its text alone; another text as it is. */
char *fstab_field_path(const char *path);

/* Returns whether a list of mount options has this option, with or without a value. */
bool fstab_field_has(const char *options, const char *name);

/* Returns whether one option of a list has this name. */
bool fstab_field_is_option(const char *option, size_t len, const char *name);

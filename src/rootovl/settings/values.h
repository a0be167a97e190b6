/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of parameters, from text. Each gives 0, or -EINVAL or -ERANGE with the result
 * untouched; `value` may be NULL, for a parameter without one.
 */
#pragma once

#include "src/rootovl/settings/settings.h"

/* Which of `words` (NULL behind the last) it is: its index. */
int value_word(const char *value, const char *const words[], int *ret);

/* Seconds, a day at most. */
int value_seconds(const char *value, unsigned *ret);

/* yes, 1, on or nothing; no, 0, off. */
int value_switch(const char *value, bool *ret);

/* Does it switch a word of dracut's or systemd's off? NULL does not. */
bool value_is_off(const char *value);

/* Bytes, with K, M, G or T for powers of 1024, or "50%"; never 0. */
int value_size(const char *value, struct size_limit *ret);

/* A number from 1, with k or m for powers of 1024. */
int value_count(const char *value, uint64_t *ret);

/* What device_find() takes; it replaces *field. */
int value_device(const char *value, char **field);

/* An absolute path, which replaces *field. */
int value_path(const char *value, char **field);

/* NAME[,new]: a name that a directory can have, which replaces *name, and whether ",new" is there.
 */
int value_persist(const char *value, char **name, bool *anew);

/* A SHA-256 in 64 hexadecimal digits, which replaces *field in lower case. */
int value_sha256(const char *value, char **field);

/* A list that is split at commas and has at least one item, which replaces *field. */
int value_list(const char *value, char ***field);

/*
 * The same, of devices. Compass-CI's scheduler sends them joined by dots, which names below
 * /dev/disk have too: a dot separates where a device's name begins behind it.
 */
int value_devices(const char *value, char ***field);

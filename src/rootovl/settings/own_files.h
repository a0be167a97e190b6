/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of an image that a boot by rootovl rests on, as the image records them: the kernel
 * unpacks later initrds over it, and one of them may bring such a file by mistake. Pure. The record
 * has a line for each: "SIZE SUM PATH".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OWN_FILES     "usr/lib/rootovl/own-files"
#define OWN_FILES_MAX (64 * 1024) /* bytes of the record */

struct own_file {
	uint64_t size; /* of a file, or of a link's target */
	uint64_t sum;
	const char *path; /* "usr/bin/rootovl" */
};

/* Is the file of this path in an image one of these? */
bool own_files_has(const char *path);

/* Returns a sum of bytes (FNV-1a), going on from `sum`: OWN_FILES_SUM at first. It is quick, and
 * tells one version from another; it is no protection from somebody who wants it to be the same. */
uint64_t own_files_sum(uint64_t sum, const void *data, size_t n);
#define OWN_FILES_SUM UINT64_C(0xcbf29ce484222325)

/* Returns the line of a file, owned by the caller. */
char *own_files_line(const struct own_file *file);

/* Reads a line without its end; the path is the line's. Returns false where it is none. */
bool own_files_parse(const char *line, struct own_file *ret);

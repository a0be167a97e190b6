/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting what a tree has. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* The flags by which a directory of a tree is opened. */
#define TREE_DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

struct tree_count {
	uint64_t entries; /* objects, the top not counted */
	uint64_t bytes;	  /* of regular files, each name */
	uint64_t room;	  /* bytes that they take of a disk, about */
	uint64_t refused; /* tree_copy(): files that are listed and cannot be opened; not copied */
};

/* Counts a tree without reading contents; a mount in it is -EXDEV. Returns 0 or -errno. */
int tree_measure(int dir, struct tree_count *count);

/* Returns how many bytes an object takes of a disk, about. */
uint64_t tree_measure_room(const struct stat *st);

/* Counts one name of an object; `room`: the bytes that this name takes more. */
void tree_measure_add(struct tree_count *count, const struct stat *st, uint64_t room);

/* Returns true for "." and "..". */
bool tree_is_dots(const char *name);

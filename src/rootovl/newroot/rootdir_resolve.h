/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolving paths inside the new root, one component at a time, its links followed by hand. */
#pragma once

#include "src/rootovl/newroot/rootdir.h"

#include <limits.h>

/*
 * Walks `path` from `start`, or from the root where it begins with a slash. Gives the directory
 * that the last component is in, and its name; an empty name stands for the directory itself.
 * Without `follow` the last component is not looked at.
 */
int rootdir_resolve(struct rootdir *start, const char *path, bool follow, struct rootdir **ret_dir,
		    char ret_name[NAME_MAX + 1]);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resolves paths inside the new root, one component at a time. Follows links itself, so no path
 * leaves the root.
 */
#pragma once

#include "src/rootovl/newroot/rootdir.h"

#include <limits.h>

/*
 * Resolves `path` from `start`, or from the root if it begins with a slash. Returns the directory
 * of the last component, and its name; an empty name means the directory itself. Without `follow`,
 * the last component is not looked up.
 */
int rootdir_resolve(struct rootdir *start, const char *path, bool follow, struct rootdir **ret_dir,
		    char ret_name[NAME_MAX + 1]);

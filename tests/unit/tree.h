/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each test of a program that includes this has a temporary directory of its own, empty at first.
 */
#pragma once

#include "src/common/files.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static char tree[32];	 /* its path */
static int tree_fd = -1; /* and the directory, open for reading */

int unit_set_up(void **state)
{
	(void)state;
	strcpy(tree, "/tmp/rootovl-unit.XXXXXX");
	if (!mkdtemp(tree))
		return -1;
	tree_fd = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return tree_fd < 0;
}

int unit_tear_down(void **state)
{
	(void)state;
	close(tree_fd);
	file_remove_tree(tree);
	return 0;
}

/* The path of a name below it; owned. */
static inline char *tree_path(const char *name)
{
	return xasprintf("%s/%s", tree, name);
}

/* Puts a file, with the directories above it. */
static inline void tree_file(const char *name, const char *text)
{
	auto_free char *path = tree_path(name);
	auto_free char *dir = xstrdup(path);

	*strrchr(dir, '/') = '\0';
	assert_int_equal(file_make_dirs(dir), 0);
	assert_int_equal(file_write(AT_FDCWD, path, text, 0644), 0);
}

static inline void tree_dir(const char *name)
{
	auto_free char *path = tree_path(name);

	assert_int_equal(file_make_dirs(path), 0);
}

static inline void tree_link(const char *target, const char *name)
{
	assert_int_equal(symlinkat(target, tree_fd, name), 0);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fake root file system in a temporary directory, for the tests of initrd-builder. */
#pragma once

#include "src/common/files.h"
#include "src/common/mem.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <setjmp.h>

#include <cmocka.h>

static char tree[64];

static inline int tree_make(void **state)
{
	(void)state;
	strcpy(tree, "/tmp/builder.XXXXXX");
	return mkdtemp(tree) ? 0 : -1;
}

static inline int tree_remove(void **state)
{
	auto_free char *command = xasprintf("rm -rf %s", tree);

	(void)state;
	return system(command);
}

/* Puts a file, with the directories above it. */
static inline void tree_file(const char *name, const char *text)
{
	auto_free char *path = xasprintf("%s/%s", tree, name);
	auto_free char *dir = xstrdup(path);

	*strrchr(dir, '/') = '\0';
	assert_int_equal(file_make_dirs(dir), 0);
	assert_int_equal(file_write(AT_FDCWD, path, text, 0644), 0);
}

static inline void tree_dir(const char *name)
{
	auto_free char *path = xasprintf("%s/%s", tree, name);

	assert_int_equal(file_make_dirs(path), 0);
}

static inline void tree_link(const char *target, const char *name)
{
	auto_free char *path = xasprintf("%s/%s", tree, name);

	assert_int_equal(symlink(target, path), 0);
}

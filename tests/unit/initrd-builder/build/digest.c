// SPDX-License-Identifier: GPL-2.0-or-later
/* What a digest of a tree sees. */
#include "initrd-builder/build/digest.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <errno.h>

static char *listing(const char *name)
{
	auto_free char *path = tree_path(name);
	auto_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct digest digest;

	digest_begin(&digest);
	assert_int_equal(digest_listing(&digest, fd), 0);
	return digest_end(&digest);
}

static void touch(const char *name, time_t when)
{
	const struct timespec times[2] = { { .tv_sec = when }, { .tv_sec = when } };
	auto_free char *path = tree_path(name);

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* Both calls see the same tree, in two places. */
static void assert_listing(bool same)
{
	auto_free char *a = listing("a"), *b = listing("b");

	assert_int_equal(strlen(a), DIGEST_LENGTH);
	assert_int_equal(strcmp(a, b) == 0, same);
}

TEST(a_tree_of_too_many_files_is_refused)
{
	auto_free char *text = NULL;
	struct digest digest;

	tree_dir("a/b");
	tree_file("a/c", "");
	digest_begin(&digest);
	assert_int_equal(digest_listing(&digest, tree_fd), 0);
	assert_int_equal(digest.entries, 3);
	digest.entries = DIGEST_ENTRIES - 2;
	assert_int_equal(digest_listing(&digest, tree_fd), -E2BIG);
	text = digest_end(&digest);
}

TEST(a_listing_sees_what_changes)
{
	for (int i = 0; i < 2; i++) {
		tree_file(i ? "b/d/x.ko" : "a/d/x.ko", "12345");
		tree_link("to", i ? "b/l" : "a/l");
		touch(i ? "b/d/x.ko" : "a/d/x.ko", 1000);
	}
	assert_listing(true);
	touch("b/d/x.ko", 1001);
	assert_listing(false);
	touch("b/d/x.ko", 1000);
	touch("b/d", 1);
	assert_listing(true);
	tree_file("b/d/y.ko", "");
	assert_listing(false);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* When an image is current. */
#include "initrd-builder/build/record.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

static const char text[] = "rootovl 1\ntree 2\n";

TEST(an_image_is_current_until_something_changes)
{
	auto_failure struct failure f = { 0 };

	assert_false(record_is_current(tree_fd, "6.1", text));
	tree_file("initramfs.lkp-6.1.img", "image");
	tree_file("modules-6.1.cgz", "archive");
	assert_false(record_is_current(tree_fd, "6.1", text));
	assert_int_equal(record_write(tree_fd, tree, "6.1", text, &f), 0);
	assert_true(record_is_current(tree_fd, "6.1", text));
	assert_false(record_is_current(tree_fd, "6.2", text));
	assert_false(record_is_current(tree_fd, "6.1", "rootovl 1\n"));
	assert_false(record_is_current(tree_fd, "6.1", "rootovl 1\ntree 3\n"));
	tree_file("initramfs.lkp-6.1.img", "imagE");
	assert_false(record_is_current(tree_fd, "6.1", text));
	tree_file("initramfs.lkp-6.1.img", "image");
	tree_file("modules-6.1.cgz", "half");
	assert_false(record_is_current(tree_fd, "6.1", text));
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* When an image is current. */
#include "initrd-builder/build/record.h"

#include "tests/unit/initrd-builder/builder_tree.h"

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_make, tree_remove)

static const char text[] = "rootovl 1\ntree 2\n";

static void an_image_is_current_until_something_changes(void **state)
{
	auto_close int fd = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_failure struct failure f = { 0 };

	(void)state;
	assert_false(record_is_current(fd, "6.1", text));
	tree_file("initramfs.lkp-6.1.img", "image");
	tree_file("modules-6.1.cgz", "archive");
	assert_false(record_is_current(fd, "6.1", text));
	assert_int_equal(record_write(fd, tree, "6.1", text, &f), 0);
	assert_true(record_is_current(fd, "6.1", text));
	assert_false(record_is_current(fd, "6.2", text));
	assert_false(record_is_current(fd, "6.1", "rootovl 1\n"));
	assert_false(record_is_current(fd, "6.1", "rootovl 1\ntree 3\n"));
	tree_file("initramfs.lkp-6.1.img", "imagE");
	assert_false(record_is_current(fd, "6.1", text));
	tree_file("initramfs.lkp-6.1.img", "image");
	tree_file("modules-6.1.cgz", "half");
	assert_false(record_is_current(fd, "6.1", text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(an_image_is_current_until_something_changes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}

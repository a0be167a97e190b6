// SPDX-License-Identifier: GPL-2.0-or-later
/* The lock of a directory. */
#include "initrd-builder/build/lock.h"

#include "tests/unit/initrd-builder/builder_tree.h"

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_make, tree_remove)

static unsigned waited;

static void count_wait(const char *dir)
{
	(void)dir;
	waited++;
}

static void a_lock_is_one_and_leaves_no_file(void **state)
{
	auto_close int fd = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_failure struct failure f = { 0 };
	struct lock lock = LOCK_NONE;

	(void)state;
	tree_file(LOCK_NAME, ""); /* of one that was killed */
	assert_int_equal(lock_take(fd, tree, count_wait, &lock, &f), 0);
	assert_int_equal(waited, 0);
	lock_release(&lock);
	assert_int_equal(faccessat(fd, LOCK_NAME, F_OK, 0), -1);
	lock_release(&lock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(a_lock_is_one_and_leaves_no_file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}

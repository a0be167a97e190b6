// SPDX-License-Identifier: GPL-2.0-or-later
/* The lock of a directory. */
#include "initrd-builder/build/lock.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <sys/stat.h>

static unsigned waited;

static void count_wait(const char *dir)
{
	(void)dir;
	waited++;
}

TEST(a_lock_is_one_and_leaves_no_file)
{
	auto_failure struct failure f = { 0 };
	struct lock lock = LOCK_NONE;

	tree_file(LOCK_NAME, ""); /* of one that was killed */
	assert_int_equal(lock_take(tree_fd, tree, count_wait, &lock, &f), 0);
	assert_int_equal(waited, 0);
	lock_release(&lock);
	assert_int_equal(faccessat(tree_fd, LOCK_NAME, F_OK, 0), -1);
	lock_release(&lock);
}

/* Who can only read a file can hold a read lock on it. */
TEST(only_its_owner_can_open_a_lock)
{
	auto_failure struct failure f = { 0 };
	struct lock lock = LOCK_NONE;
	struct stat st;

	for (int earlier = 0; earlier < 2; earlier++) {
		if (earlier)
			tree_file(LOCK_NAME, "");
		assert_int_equal(lock_take(tree_fd, tree, count_wait, &lock, &f), 0);
		assert_int_equal(fstat(lock.fd, &st), 0);
		assert_int_equal(st.st_mode & ALLPERMS, 0600);
		lock_release(&lock);
	}
}

TEST(one_that_is_taken_is_not_waited_for)
{
	auto_failure struct failure f = { 0 };
	auto_lock struct lock lock = LOCK_NONE, second = LOCK_NONE;

	assert_int_equal(lock_take(tree_fd, tree, NULL, &lock, &f), 0);
	assert_int_equal(lock_take(tree_fd, tree, NULL, &second, &f), -EAGAIN);
	assert_int_equal(second.fd, -1);
	lock_release(&lock);
	assert_int_equal(lock_take(tree_fd, tree, NULL, &second, &f), 0);
}

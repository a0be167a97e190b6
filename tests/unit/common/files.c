// SPDX-License-Identifier: GPL-2.0-or-later
/* Small files and the one line of a failure. */
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#undef fail /* ours is meant */

static void put(const char *name, const char *data, size_t len)
{
	auto_close int fd = openat(tree_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_int_equal(write(fd, data, len), len);
}

TEST(a_text_reads_back_and_replaces_what_was_there)
{
	auto_free char *text = NULL;

	put("a", "old", 3);
	assert_int_equal(file_write(tree_fd, "a", "new\n", 0640), 0);
	assert_int_equal(file_read(tree_fd, "a", 4, &text), 0);
	assert_string_equal(text, "new\n");
	assert_int_equal(faccessat(tree_fd, "a.new", F_OK, 0), -1);
}

TEST(a_write_that_fails_leaves_nothing_behind)
{
	assert_int_equal(mkdirat(tree_fd, "full", 0700), 0);
	assert_int_equal(mkdirat(tree_fd, "full/x", 0700), 0);
	assert_int_equal(file_write(tree_fd, "full", "x", 0600), -EISDIR);
	assert_int_equal(faccessat(tree_fd, "full.new", F_OK, 0), -1);
}

TEST(what_stands_at_the_temporary_name_is_not_written_to)
{
	auto_free char *text = NULL, *other = NULL;

	put("other", "other", 5);
	assert_int_equal(linkat(tree_fd, "other", tree_fd, "b.new", 0), 0);
	assert_int_equal(file_write(tree_fd, "b", "b", 0600), 0);
	assert_int_equal(file_read(tree_fd, "other", 100, &other), 0);
	assert_string_equal(other, "other");
	assert_int_equal(mkfifoat(tree_fd, "b.new", 0600), 0);
	alarm(20);
	assert_int_equal(file_write(tree_fd, "b", "c", 0600), 0);
	alarm(0);
	assert_int_equal(file_read(tree_fd, "b", 100, &text), 0);
	assert_string_equal(text, "c");
}

TEST(what_is_too_large_or_no_text_is_refused)
{
	char *text = NULL;

	put("large", "12345", 5);
	put("nul", "a\0b", 3);
	assert_int_equal(file_read(tree_fd, "large", 4, &text), -EFBIG);
	assert_int_equal(file_read(tree_fd, "nul", 100, &text), -EILSEQ);
	assert_int_equal(file_read(tree_fd, "absent", 100, &text), -ENOENT);
	assert_null(text);
}

TEST(a_fifo_and_a_directory_are_refused_at_once)
{
	char *text = NULL;

	assert_int_equal(mkfifoat(tree_fd, "fifo", 0600), 0);
	assert_int_equal(file_read(tree_fd, "fifo", 100, &text), -EINVAL);
	assert_int_equal(file_read(tree_fd, ".", 100, &text), -EINVAL);
	assert_null(text);
}

TEST(directories_are_made_with_those_above_them)
{
	auto_free char *path = tree_path("x/y/z");

	assert_int_equal(file_make_dirs(path), 0);
	assert_int_equal(file_make_dirs(path), 0);
	assert_int_equal(faccessat(tree_fd, "x/y/z", F_OK, 0), 0);
	assert_int_equal(file_make_dirs(""), -ENOENT);
}

TEST(a_failure_is_one_line_whatever_it_names)
{
	auto_failure struct failure f = { 0 };
	auto_free char *text = NULL;

	assert_int_equal(fail(&f, EINVAL, "a\tb", "odd \"%s\"",
			      "x\n\x1b[2J\x7f\xc2\x9b"
			      "2J\xc3\xa4"),
			 -EINVAL);
	failure_prefix(&f, "file %s", "a\nb");
	text = log_failure_text(&f);
	assert_string_equal(
		text, "file a\\x0ab: odd \"x\\x0a\\x1b[2J\\x7f\\xc2\\x9b2J\xc3\xa4\" (a\\x09b)");
}

TEST(a_failure_may_be_made_of_the_one_before)
{
	auto_failure struct failure f = { 0 };

	fail_errno(&f, ENOENT, "hint", "thing");
	fail(&f, f.code, f.hint, "%s, for %d s", f.what, 3);
	assert_string_equal(f.what, "thing: No such file or directory, for 3 s");
	assert_string_equal(f.hint, "hint");
}

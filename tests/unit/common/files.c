// SPDX-License-Identifier: GPL-2.0-or-later
/* Small files and the one line of a failure. */
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#undef fail /* ours is meant */

static char *scratch;
static int dir = -1;

static void put(const char *name, const char *data, size_t len)
{
	auto_close int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_int_equal(write(fd, data, len), len);
}

static void a_text_reads_back_and_replaces_what_was_there(void **state)
{
	auto_free char *text = NULL;

	(void)state;
	put("a", "old", 3);
	assert_int_equal(file_write(dir, "a", "new\n", 0640), 0);
	assert_int_equal(file_read(dir, "a", 4, &text), 0);
	assert_string_equal(text, "new\n");
	assert_int_equal(faccessat(dir, "a.new", F_OK, 0), -1);
}

static void a_write_that_fails_leaves_nothing_behind(void **state)
{
	(void)state;
	assert_int_equal(mkdirat(dir, "full", 0700), 0);
	assert_int_equal(mkdirat(dir, "full/x", 0700), 0);
	assert_int_equal(file_write(dir, "full", "x", 0600), -EISDIR);
	assert_int_equal(faccessat(dir, "full.new", F_OK, 0), -1);
}

static void what_stands_at_the_temporary_name_is_not_written_to(void **state)
{
	auto_free char *text = NULL, *other = NULL;

	(void)state;
	put("other", "other", 5);
	assert_int_equal(linkat(dir, "other", dir, "b.new", 0), 0);
	assert_int_equal(file_write(dir, "b", "b", 0600), 0);
	assert_int_equal(file_read(dir, "other", 100, &other), 0);
	assert_string_equal(other, "other");
	assert_int_equal(mkfifoat(dir, "b.new", 0600), 0);
	alarm(20);
	assert_int_equal(file_write(dir, "b", "c", 0600), 0);
	alarm(0);
	assert_int_equal(file_read(dir, "b", 100, &text), 0);
	assert_string_equal(text, "c");
}

static void what_is_too_large_or_no_text_is_refused(void **state)
{
	char *text = NULL;

	(void)state;
	put("large", "12345", 5);
	put("nul", "a\0b", 3);
	assert_int_equal(file_read(dir, "large", 4, &text), -EFBIG);
	assert_int_equal(file_read(dir, "nul", 100, &text), -EILSEQ);
	assert_int_equal(file_read(dir, "absent", 100, &text), -ENOENT);
	assert_null(text);
}

static void a_fifo_and_a_directory_are_refused_at_once(void **state)
{
	char *text = NULL;

	(void)state;
	assert_int_equal(mkfifoat(dir, "fifo", 0600), 0);
	assert_int_equal(file_read(dir, "fifo", 100, &text), -EINVAL);
	assert_int_equal(file_read(dir, ".", 100, &text), -EINVAL);
	assert_null(text);
}

static void directories_are_made_with_those_above_them(void **state)
{
	auto_free char *path = xasprintf("%s/x/y/z", scratch);

	(void)state;
	assert_int_equal(file_make_dirs(path), 0);
	assert_int_equal(file_make_dirs(path), 0);
	assert_int_equal(faccessat(dir, "x/y/z", F_OK, 0), 0);
	assert_int_equal(file_make_dirs(""), -ENOENT);
}

static void a_failure_is_one_line_whatever_it_names(void **state)
{
	auto_failure struct failure f = { 0 };
	auto_free char *text = NULL;

	(void)state;
	assert_int_equal(fail(&f, EINVAL, "a\tb", "odd \"%s\"",
			      "x\n\x1b[2J\x7f\xc2\x9b"
			      "2J\xc3\xa4"),
			 -EINVAL);
	failure_prefix(&f, "file %s", "a\nb");
	text = log_failure_text(&f);
	assert_string_equal(
		text, "file a\\x0ab: odd \"x\\x0a\\x1b[2J\\x7f\\xc2\\x9b2J\xc3\xa4\" (a\\x09b)");
}

static void a_failure_may_be_made_of_the_one_before(void **state)
{
	auto_failure struct failure f = { 0 };

	(void)state;
	fail_errno(&f, ENOENT, "hint", "thing");
	fail(&f, f.code, f.hint, "%s, for %d s", f.what, 3);
	assert_string_equal(f.what, "thing: No such file or directory, for 3 s");
	assert_string_equal(f.hint, "hint");
}

static int make_scratch(void **state)
{
	(void)state;
	scratch =
		xasprintf("%s/rootovl-files-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(scratch))
		return -1;
	dir = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir < 0;
}

static int remove_scratch(void **state)
{
	static const char *const files[] = { "a", "large", "nul", "fifo" };
	static const char *const dirs[] = { "full/x", "full", "x/y/z", "x/y", "x" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		unlinkat(dir, files[i], 0);
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		unlinkat(dir, dirs[i], AT_REMOVEDIR);
	close(dir);
	rmdir(scratch);
	free(scratch);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_reads_back_and_replaces_what_was_there),
		cmocka_unit_test(a_write_that_fails_leaves_nothing_behind),
		cmocka_unit_test(what_stands_at_the_temporary_name_is_not_written_to),
		cmocka_unit_test(what_is_too_large_or_no_text_is_refused),
		cmocka_unit_test(a_fifo_and_a_directory_are_refused_at_once),
		cmocka_unit_test(directories_are_made_with_those_above_them),
		cmocka_unit_test(a_failure_is_one_line_whatever_it_names),
		cmocka_unit_test(a_failure_may_be_made_of_the_one_before),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("files", tests, make_scratch, remove_scratch);
}

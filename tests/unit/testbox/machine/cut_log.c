// SPDX-License-Identifier: GPL-2.0-or-later
/* What a machine makes QEMU print has an end, and its last line is kept. */
#include "src/testbox/machine/cut_log.h"
#include "src/common/files.h"
#include "src/common/mem.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LOTS (3u * CUT_LOG_MAX)

static char dir[] = "/tmp/cut_logXXXXXX";

/* What the log is after `lines` times `line`, and "the last". The caller's. */
static char *logged(const char *line, size_t lines)
{
	const struct box box = { .dir = dir };
	auto_failure struct failure f = { 0 };
	auto_free char *path = xasprintf("%s/log", dir), *last = NULL;
	struct cut_log log = CUT_LOG_CLOSED;
	char *text = NULL;

	assert_int_equal(cut_log_open(&log, &box, "log", &f), 0);
	for (size_t i = 0; i < lines; i++) {
		assert_int_equal(write(log.writer, line, strlen(line)), strlen(line));
		cut_log_take(&log);
	}
	assert_int_equal(write(log.writer, "the last\n", 9), 9);
	cut_log_close(&log);
	assert_int_equal(file_read(AT_FDCWD, path, CUT_LOG_MAX, &text), 0);
	last = cut_log_last_line(&box, "log");
	assert_string_equal(last, "the last");
	return text;
}

static void a_short_log_is_whole(void **state)
{
	auto_free char *text = logged("a word\n", 2);

	(void)state;
	assert_string_equal(text, "a word\na word\nthe last\n");
}

static void a_long_log_keeps_its_beginning_and_its_end(void **state)
{
	static const char line[] = "Guest moved used index from 0 to 32767\n";
	auto_free char *text = logged(line, LOTS / strlen(line));
	const char *cut = strstr(text, "\ntestbox: "), *next;

	(void)state;
	assert_int_equal(strncmp(text, line, strlen(line)), 0);
	assert_non_null(cut);
	assert_non_null(strstr(cut, " bytes are left out here\n"));
	/* Behind it only whole lines. */
	next = strchr(cut + 1, '\n') + 1;
	assert_int_equal(strncmp(next, line, strlen(line)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_log_is_whole),
		cmocka_unit_test(a_long_log_keeps_its_beginning_and_its_end),
	};
	int failed;

	if (!mkdtemp(dir))
		return 1;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests_name("cut_log", tests, NULL, NULL);
	file_remove_tree(dir);
	return failed;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Golden tests: for each file DIR/NAME.ENDING a test of that name, and beside it what it must give.
 * With UPDATE=1 in the environment the latter is written anew, to be read before it is committed.
 */
#pragma once

#include "src/common/files.h"
#include "src/common/mem.h"

#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A whole file; owned. It must be there. */
static inline char *golden_read(const char *path)
{
	char *text = NULL;

	assert_int_equal(file_read(AT_FDCWD, path, 1 << 20, &text), 0);
	return text;
}

/* What the case at `path` gave must be what stands in the file with the other ending. */
static inline void golden_compare(const char *path, const char *ending, const char *said)
{
	int stem = (int)(strrchr(path, '.') - path);
	auto_free char *expected_path = xasprintf("%.*s%s", stem, path, ending);
	auto_free char *expected = NULL;

	if (getenv("UPDATE"))
		assert_int_equal(file_write(AT_FDCWD, expected_path, said, 0644), 0);
	expected = golden_read(expected_path);
	assert_string_equal(said, expected);
}

/*
 * Runs `test` for every file in `dir`, which ends with '/', with this ending; its state is the
 * file's path. Fewer than `least` are a failure. Gives the exit status of the program.
 */
static inline int golden_run(const char *dir, const char *ending, size_t least,
			     CMUnitTestFunction test)
{
	auto_free char *pattern = xasprintf("%s*%s", dir, ending);
	struct CMUnitTest *tests;
	glob_t cases;
	int r;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	if (glob(pattern, 0, NULL, &cases) != 0 || cases.gl_pathc < least) {
		fprintf(stderr, "too few cases in %s: is this the top of the tree?\n", dir);
		return 1;
	}
	tests = xcalloc(cases.gl_pathc, sizeof(*tests));
	for (size_t i = 0; i < cases.gl_pathc; i++)
		tests[i] = (struct CMUnitTest){ .name = cases.gl_pathv[i] + strlen(dir),
						.test_func = test,
						.initial_state = cases.gl_pathv[i] };
	r = _cmocka_run_group_tests(dir, tests, cases.gl_pathc, NULL, NULL);
	free(tests);
	globfree(&cases);
	return r;
}

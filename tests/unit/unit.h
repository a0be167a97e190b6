/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program of unit tests: TEST(its_title) { … } for each test. main() runs them in the order of
 * the file, and prints TAP.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define UNIT_TESTS_MAX 100

/* Run before and after each test, if the program defines them. They return 0 if all is well. */
int unit_set_up(void **state) __attribute__((weak));
int unit_tear_down(void **state) __attribute__((weak));

static struct CMUnitTest unit_tests[UNIT_TESTS_MAX];
static size_t unit_n;

static inline void unit_add(const char *title, CMUnitTestFunction run)
{
	if (unit_n == UNIT_TESTS_MAX)
		abort();
	unit_tests[unit_n++] = (struct CMUnitTest){ title, run, unit_set_up, unit_tear_down, NULL };
}

/* Begins a test. It is added before main() runs, so that none can be forgotten. */
#define TEST(title)                                                                                \
	static void title(void **state);                                                           \
	__attribute__((constructor)) static void add_##title(void)                                 \
	{                                                                                          \
		unit_add(#title, title);                                                           \
	}                                                                                          \
	static void title(__attribute__((unused)) void **state)

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests("tests", unit_tests, unit_n, NULL, NULL);
}

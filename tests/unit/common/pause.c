// SPDX-License-Identifier: GPL-2.0-or-later
/* How pauses between attempts grow. */
#include "src/common/pause.h"
#include "src/common/clock.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_pause_doubles_up_to_its_most(void **state)
{
	(void)state;
	assert_int_equal(pause_doubled(0, 250, 2000), 250);
	assert_int_equal(pause_doubled(1, 250, 2000), 250);
	assert_int_equal(pause_doubled(2, 250, 2000), 500);
	assert_int_equal(pause_doubled(4, 250, 2000), 2000);
	assert_int_equal(pause_doubled(5, 250, 2000), 2000);
	assert_int_equal(pause_doubled(UINT_MAX, 10, 600), 600);
}

static void pauses_differ_by_half(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		double first = pause_after(1, 10), last = pause_after(100, 10);

		assert_true(first >= 0.375 && first <= 0.625);
		assert_true(last >= 7.5 && last <= 12.5);
	}
}

static void a_pause_ends_early_when_it_is_stopped(void **state)
{
	const volatile sig_atomic_t stop = 1;
	uint64_t start = clock_ms();

	(void)state;
	pause_for(60, &stop);
	assert_true(clock_ms() - start < 30000);
	pause_for(0.05, NULL);
	assert_true(clock_ms() - start >= 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pause_doubles_up_to_its_most),
		cmocka_unit_test(pauses_differ_by_half),
		cmocka_unit_test(a_pause_ends_early_when_it_is_stopped),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("pause", tests, NULL, NULL);
}

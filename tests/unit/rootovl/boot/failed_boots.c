// SPDX-License-Identifier: GPL-2.0-or-later
/* How long a machine waits before it tries again. */
#include "src/rootovl/boot/failed_boots.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_wait_grows_from_one_failed_boot_to_the_next(void **state)
{
	(void)state;
	for (unsigned failed = 1; failed < 20; failed++)
		assert_true(failed_boots_delay_s(failed + 1, 0) >= failed_boots_delay_s(failed, 0));
	assert_int_equal(failed_boots_delay_s(1, 0), 10);
	assert_int_equal(failed_boots_delay_s(2, 0), 20);
	assert_int_equal(failed_boots_delay_s(5, 0), 160);
}

static void the_wait_has_an_end(void **state)
{
	(void)state;
	assert_int_equal(failed_boots_delay_s(UINT_MAX, 0), 600);
	for (unsigned chance = 0; chance < 2000; chance++)
		assert_in_range(failed_boots_delay_s(UINT_MAX, chance), 600, 900);
}

static void where_nothing_remembers_chance_spreads_the_machines(void **state)
{
	unsigned least = UINT_MAX, most = 0;

	(void)state;
	for (unsigned chance = 0; chance < 2000; chance++) {
		unsigned delay = failed_boots_delay_s(0, chance * 2654435761u);

		least = delay < least ? delay : least;
		most = delay > most ? delay : most;
	}
	assert_int_equal(least, 10);
	assert_int_equal(most, 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_wait_grows_from_one_failed_boot_to_the_next),
		cmocka_unit_test(the_wait_has_an_end),
		cmocka_unit_test(where_nothing_remembers_chance_spreads_the_machines),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("failed_boots", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* How long a machine waits before it tries again. */
#include "src/rootovl/boot/failed_boots.h"
#include "tests/unit/unit.h"

#include <limits.h>

TEST(the_wait_grows_from_one_failed_boot_to_the_next)
{
	for (unsigned failed = 1; failed < 20; failed++)
		assert_true(failed_boots_delay_s(failed + 1, 0) >= failed_boots_delay_s(failed, 0));
	assert_int_equal(failed_boots_delay_s(1, 0), 10);
	assert_int_equal(failed_boots_delay_s(2, 0), 20);
	assert_int_equal(failed_boots_delay_s(5, 0), 160);
}

TEST(the_wait_has_an_end)
{
	assert_int_equal(failed_boots_delay_s(UINT_MAX, 0), 600);
	for (unsigned chance = 0; chance < 2000; chance++)
		assert_in_range(failed_boots_delay_s(UINT_MAX, chance), 600, 900);
}

TEST(where_nothing_remembers_chance_spreads_the_machines)
{
	unsigned least = UINT_MAX, most = 0;

	for (unsigned chance = 0; chance < 2000; chance++) {
		unsigned delay = failed_boots_delay_s(0, chance * 2654435761u);

		least = delay < least ? delay : least;
		most = delay > most ? delay : most;
	}
	assert_int_equal(least, 10);
	assert_int_equal(most, 40);
}

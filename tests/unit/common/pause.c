// SPDX-License-Identifier: GPL-2.0-or-later
/* How pauses between attempts grow. */
#include "src/common/pause.h"
#include "src/common/clock.h"
#include "tests/unit/unit.h"

#include <limits.h>

TEST(a_pause_doubles_up_to_its_most)
{
	assert_int_equal(pause_doubled(0, 250, 2000), 250);
	assert_int_equal(pause_doubled(1, 250, 2000), 250);
	assert_int_equal(pause_doubled(2, 250, 2000), 500);
	assert_int_equal(pause_doubled(4, 250, 2000), 2000);
	assert_int_equal(pause_doubled(5, 250, 2000), 2000);
	assert_int_equal(pause_doubled(UINT_MAX, 10, 600), 600);
}

TEST(pauses_differ_by_half)
{
	for (int i = 0; i < 100; i++) {
		double first = pause_after(1, 10), last = pause_after(100, 10);

		assert_true(first >= 0.375 && first <= 0.625);
		assert_true(last >= 7.5 && last <= 12.5);
	}
}

TEST(a_pause_ends_early_when_it_is_stopped)
{
	const volatile sig_atomic_t stop = 1;
	uint64_t start = clock_ms();

	pause_for(60, &stop);
	assert_true(clock_ms() - start < 30000);
	pause_for(0.05, NULL);
	assert_true(clock_ms() - start >= 50);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The least that a clock may say. */
#include "src/rootovl/settings/least_time.h"
#include "src/common/macro.h"
#include "tests/unit/unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <inttypes.h>

#define YEAR (INT64_C(366) * 86400)

TEST(when_kernels_of_the_field_were_built)
{
	static const struct {
		const char *version;
		int64_t time;
	} rows[] = {
		{ "#1 SMP PREEMPT_DYNAMIC Debian 6.1.158-1 (2025-11-09)", 1762646400 },
		{ "#1 SMP Debian 4.19.98-1 (2020-01-26)", 1579996800 },
		{ "#1 SMP Tue Mar 31 14:21:36 UTC 2020", 1585612800 },
		{ "#101-Ubuntu SMP Tue Nov  2 12:20:00 EST 2021", 1635811200 },
		{ "#1 SMP PREEMPT_DYNAMIC Thu Dec 19 09:26:03 UTC 2024 (9a8b7c6)", 1734566400 },
		{ "#1-Alpine SMP", 0 },
		{ "#1 SMP (2025-13-09)", 0 },
		{ "#1 SMP Tue Foo 31 14:21:36 UTC 2020", 0 },
		{ "#1 SMP Tue Mar 31 14:21:36 UTC 9999999999", 0 },
		{ "Tue Mar", 0 },
		{ " ", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (least_time_of_kernel(rows[i].version) != rows[i].time)
			fail_msg("%s: %" PRId64, rows[i].version,
				 least_time_of_kernel(rows[i].version));
}

TEST(the_latest_that_can_be_believed)
{
	const int64_t now = 1796000000; /* 2026-11-30 */
	const int64_t times[] = { now - YEAR, now, 0, -5, now + 30 * YEAR, INT64_MAX };

	assert_int_equal(least_time_choose(times, ARRAY_SIZE(times), now - YEAR), 1);
	assert_int_equal(least_time_choose(times, 1, 0), 0);
	/* The kernel is older than this program: nothing is said by that. */
	assert_int_equal(least_time_choose(times, ARRAY_SIZE(times), 1), 1);
	/* An image of later years knows later files. */
	assert_int_equal(least_time_choose(times, ARRAY_SIZE(times), now + 25 * YEAR), 4);
	assert_int_equal(least_time_choose(times + 2, 2, now), 2);
	assert_int_equal(least_time_choose(times, 0, now), 0);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Values of /proc/meminfo. */
#include "src/common/meminfo.h"
#include "tests/unit/unit.h"

TEST(a_value_is_in_bytes)
{
	static const char text[] = "MemTotal: 100 kB\nMemFree: 1 kB\nMemAvailable:    50 kB\n";

	assert_true(meminfo_value(text, "MemAvailable:") == 50 * 1024);
	assert_true(meminfo_value(text, "MemTotal:") == 100 * 1024);
	assert_true(meminfo_value("MemTotal: 100 kB\n", "MemAvailable:") == 0);
}

TEST(the_kernel_tells_its_memory)
{
	assert_true(meminfo_read("MemTotal:") > 0);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Values of /proc/meminfo. */
#include "src/common/meminfo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_value_is_in_bytes(void **state)
{
	static const char text[] = "MemTotal: 100 kB\nMemFree: 1 kB\nMemAvailable:    50 kB\n";

	(void)state;
	assert_true(meminfo_value(text, "MemAvailable:") == 50 * 1024);
	assert_true(meminfo_value(text, "MemTotal:") == 100 * 1024);
	assert_true(meminfo_value("MemTotal: 100 kB\n", "MemAvailable:") == 0);
}

static void the_kernel_tells_its_memory(void **state)
{
	(void)state;
	assert_true(meminfo_read("MemTotal:") > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_in_bytes),
		cmocka_unit_test(the_kernel_tells_its_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("meminfo", tests, NULL, NULL);
}

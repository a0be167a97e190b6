// SPDX-License-Identifier: GPL-2.0-or-later
/* URLs in messages: nothing that lets others in. */
#include "src/common/url.h"
#include "src/common/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void shown_as(const char *url, const char *expected)
{
	auto_free char *shown = url_shown(url);

	assert_string_equal(shown, expected);
}

static void a_user_and_a_password_are_not_shown(void **state)
{
	(void)state;
	shown_as("http://h/x", "http://h/x");
	shown_as("http://bob:SECRET@h/x", "http://h/x");
	shown_as("http://bob:SE CRET@h/x", "http://h/x");
}

static void no_value_of_a_query_is_shown(void **state)
{
	(void)state;
	shown_as("http://bob:SECRET@h/x?password=SECRET", "http://h/x?password=***");
	shown_as("https://h/x?a=SECRET&b=SECRET=&SECRET#end", "https://h/x?a=***&b=***&***");
	shown_as("no url?a=SECRET", "no url?a=***");
	shown_as("http://a b/x?a=SECRET", "http://a b/x?a=***");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_user_and_a_password_are_not_shown),
		cmocka_unit_test(no_value_of_a_query_is_shown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}

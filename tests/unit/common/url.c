// SPDX-License-Identifier: GPL-2.0-or-later
/* URLs in messages: nothing that lets others in. */
#include "src/common/url.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

static void shown_as(const char *url, const char *expected)
{
	auto_free char *shown = url_shown(url);

	assert_string_equal(shown, expected);
}

TEST(a_user_and_a_password_are_not_shown)
{
	shown_as("http://h/x", "http://h/x");
	shown_as("http://bob:SECRET@h/x", "http://h/x");
	shown_as("http://bob:SE CRET@h/x", "http://h/x");
}

TEST(no_value_of_a_query_is_shown)
{
	shown_as("http://bob:SECRET@h/x?password=SECRET", "http://h/x?password=***");
	shown_as("https://h/x?a=SECRET&b=SECRET=&SECRET#end", "https://h/x?a=***&b=***&***");
	shown_as("no url?a=SECRET", "no url?a=***");
	/* Base64 without a name. */
	shown_as("http://h/x?U0VDUkVU=&U0VDUkVU==", "http://h/x?***&***");
	shown_as("http://a b/x?a=SECRET", "http://a b/x?a=***");
}

TEST(a_place_has_no_query)
{
	auto_free char *place = url_place("http://bob:SECRET@h/x?a=SECRET#b");

	assert_string_equal(place, "http://h/x");
}

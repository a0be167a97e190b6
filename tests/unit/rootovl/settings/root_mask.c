// SPDX-License-Identifier: GPL-2.0-or-later
/* What of root= and the like may be printed: no password, wherever an '@' stands. */
#include "src/rootovl/settings/root_mask.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <string.h>

static void shown_as(const char *value, const char *expected)
{
	auto_free char *masked = root_mask(value);

	assert_string_equal(masked, expected);
}

TEST(what_holds_no_password_is_shown_as_it_is)
{
	shown_as("", "");
	shown_as("cifs://h/s,vers=3.0,user=bob", "cifs://h/s,vers=3.0,user=bob");
	shown_as("cifs://bob@h/s", "cifs://bob@h/s");
	shown_as("nfs:h:/export:vers=4.1", "nfs:h:/export:vers=4.1");
	shown_as("live:http://h/x", "live:http://h/x");
	shown_as("/dev/disk/by-label/a?b=c", "/dev/disk/by-label/a?b=c");
}

TEST(a_password_in_front_of_the_host)
{
	shown_as("cifs://bob:SECRET@h/s,vers=3.0", "cifs://bob:***@h/s,vers=3.0");
	shown_as("cifs://bob:S/E@CR,ET@h/s", "cifs://bob:***@h/s");
	shown_as("cifs://bob:SECRET%40h/s", "cifs://bob:***%40h/s");
	shown_as("live:https://bob:SECRET@h/x", "live:https://bob:***@h/x");
	shown_as("cifs://bob:S,pass=E@h/s,vers=3.0", "cifs://bob:***,vers=3.0");
}

TEST(a_password_among_the_options)
{
	shown_as("user=bob,PassWord=SECRET,vers=3.0", "user=bob,PassWord=***,vers=3.0");
	shown_as("cifs://bob@h/s,password2=SECRET", "cifs://bob@h/s,password2=***");
}

TEST(every_value_in_the_query_of_a_url)
{
	shown_as("live:http://h/x.img?X-Amz-Signature=SECRET&token=SE,CRET=&SECRET",
		 "live:http://h/x.img?X-Amz-Signature=***&token=***&***");
	shown_as("live:HTTPS://bob:SECRET@h/x?token=SECRET", "live:HTTPS://bob:***@h/x?token=***");
	shown_as("live:http://h/x?token=SECRET:S@h", "live:http://h/x?token=***");
	shown_as("live:http://h:80/x?mail=S@h&token=SECRET", "live:http://h:***");
	shown_as("live:http://h/x?token=***", "live:http://h/x?token=***");
}

TEST(an_at_behind_or_in_a_password_among_the_options)
{
	shown_as("cifs://h/s,password=SECRET,user=bob@corp",
		 "cifs://h/s,password=***,user=bob@corp");
	shown_as("password=SECRET,user=bob@corp", "password=***,user=bob@corp");
	shown_as("cifs://h/s,user=bob,password=S@CRET", "cifs://h/s,user=bob,password=***");
	shown_as("user=bob,password=S@C:R@T,vers=3.0", "user=bob,password=***:***,vers=3.0");
	shown_as("user=bob,password=S:E@CRET,vers=3.0", "user=bob,password=***:***,vers=3.0");
	shown_as("user=bob,password=S://E:C@RET,vers=3.0", "user=bob,password=***:***,vers=3.0");
	shown_as("cifs://bob@h:445/s,password=S@CRET", "cifs://bob@h:***");
}

static void line_shown_as(const char *line, const char *expected)
{
	auto_free char *masked = root_mask_line(line);

	assert_string_equal(masked, expected);
}

TEST(the_passwords_of_a_whole_line)
{
	line_shown_as("rootovl  dyndbg=\"file a +p\" root=cifs://h:/s",
		      "rootovl  dyndbg=\"file a +p\" "
		      "root=cifs://h:/s");
	line_shown_as("a root=cifs://u:SECRET@h:/s cifspass=SECRET cifsPass=SE,CRET b",
		      "a root=cifs://u:***@h:/s cifspass=*** cifsPass=*** b");
	line_shown_as("root=live:http://h/x?t=SECRET http://h/x?t=SECRET",
		      "root=live:http://h/x?t=*** http://h/x?t=***");
	line_shown_as("cifsroot=//h/s,password=SECRET root=/dev/cifs",
		      "cifsroot=//h/s,password=*** root=/dev/cifs");
	line_shown_as("user=lkp cifspass=SECRET\", will be passed to user space.",
		      "user=lkp cifspass=***");
}

TEST(what_a_log_must_not_have_of_a_line)
{
	static const char *const expected[] = {
		"cifs://u:SECRET@h/s", "cifs://u:***@h/s", "LONGSECRET", "***",
		"rd.pass=xy",	       "rd.pass=***",
	};
	auto_strv char **secrets = root_mask_secrets("ro root=cifs://u:SECRET@h/s ip=dhcp "
						     "cifspass=\"LONGSECRET\" rd.pass=xy pass=");

	assert_int_equal(strv_len(secrets), ARRAY_SIZE(expected));
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		assert_string_equal(secrets[i], expected[i]);
}

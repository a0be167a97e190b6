// SPDX-License-Identifier: GPL-2.0-or-later
/* The personality as the helper reads and applies it. */
#include "src/rootovl/configure/personality.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

TEST(the_helper_refuses_and_shows_no_value)
{
	static const char *const bad[] = {
		"hostname=a b\n",    "hostname=S3CRET/..\n",
		"ip=10.0.0.1\n",     "ip=10.0.0.1/99\n",
		"password=S3CRET\n", "password=$6$S3CRET:0:\n",
		"password=$6$\n",    "hostname=a\nhostname=b\n",
		"S3CRET=1\n",	     "/etc/passwd\n",
		"hostname=\n",	     "password=\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		auto_failure struct failure f = { 0 };
		struct personality_facts facts;

		assert_int_equal(personality_take(&facts, bad[i], &f), -EINVAL);
		assert_null(strstr(f.what, "S3CRET"));
		personality_free(&facts);
	}
}

TEST(an_empty_medium_is_refused)
{
	auto_failure struct failure f = { 0 };
	struct personality_facts facts;

	assert_int_equal(personality_take(&facts, "\n\n", &f), -ENODATA);
	personality_free(&facts);
}

static void shadow_is(const char *before, const char *expected)
{
	auto_free char *after = NULL;
	int r = personality_shadow(before, "$y$NEW", &after);

	if (!expected) {
		assert_int_equal(r, -ENOENT);
		return;
	}
	assert_int_equal(r, 0);
	assert_string_equal(after, expected);
}

TEST(only_root_s_password_changes)
{
	shadow_is("root:*:1:0:99999:7:::\nuser:x:1::::::\n",
		  "root:$y$NEW:1:0:99999:7:::\nuser:x:1::::::\n");
	shadow_is("toor:a:\nxroot:b:\nroot::\n", "toor:a:\nxroot:b:\nroot:$y$NEW:\n");
	shadow_is("root:!", "root:$y$NEW");
	shadow_is("root:\nroot2:x:\n", "root:$y$NEW\nroot2:x:\n");
	shadow_is("", NULL);
	shadow_is("rooty:x:\n", NULL);
	shadow_is("user:root:\n", NULL);
}

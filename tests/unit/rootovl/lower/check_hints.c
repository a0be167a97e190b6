// SPDX-License-Identifier: GPL-2.0-or-later
/* What to change on the server, by how the root comes and what is wrong with it. */
#include "src/rootovl/lower/check_hints.h"

#include "src/common/macro.h"
#include "tests/unit/unit.h"

#include <stdbool.h>
#include <string.h>

static bool says(const char *root, enum check_fault fault, const char *part)
{
	struct root_source source = { 0 };
	auto_failure struct failure f = { 0 };
	auto_free char *hint = NULL;

	assert_int_equal(root_source_parse(&source, root, NULL, NULL, &f), 0);
	hint = check_hints(&source, fault);
	root_source_done(&source);
	return strstr(hint, part) != NULL;
}

TEST(root_that_is_nobody_there)
{
	assert_true(says("nfs:a:/b", CHECK_DENIED, "no_root_squash"));
	assert_true(says("nfs:a:/b", CHECK_DENIED, "No_Root_Squash"));
	assert_true(says("cifs://a/b", CHECK_DENIED, "guest account = root"));
	assert_true(says("cifs://joe:x@a/b", CHECK_DENIED, "admin users = joe"));
	assert_false(says("cifs://joe:x@a/b", CHECK_DENIED, "guest"));
	assert_true(says("virtiofs:os", CHECK_DENIED, "virtiofsd as root"));
	assert_true(says("9p:os", CHECK_DENIED, "security_model=passthrough"));
}

TEST(owners_that_are_not_root)
{
	assert_true(says("nfs:a:/b", CHECK_OWNER, "Only_Numeric_Owners"));
	assert_true(says("cifs://a/b", CHECK_OWNER, "uid="));
	assert_true(says("virtiofs:os", CHECK_OWNER, "--uid-map"));
	assert_true(says("/dev/vda", CHECK_OWNER, "-all-root"));
}

TEST(an_image_is_the_same_whatever_brings_it)
{
	assert_true(says("nfs:a:/b.squashfs", CHECK_OWNER, "make the image"));
	assert_true(says("cifs://joe:x@a/b/c.erofs", CHECK_DENIED, "make the image"));
}

TEST(every_fault_of_every_way_has_a_hint)
{
	static const char *const roots[] = { "nfs:a:/b", "cifs://a/b", "virtiofs:os",	 "9p:os",
					     "/dev/vda", "nbd:a",      "live:http://a/b" };

	for (size_t i = 0; i < ARRAY_SIZE(roots); i++)
		for (enum check_fault fault = 0; fault < CHECK_FAULTS; fault++)
			assert_false(says(roots[i], fault, "\n"));
	for (enum check_fault fault = 0; fault < CHECK_FAULTS; fault++) {
		auto_free char *copy = check_hints(NULL, fault);

		assert_non_null(copy);
	}
}

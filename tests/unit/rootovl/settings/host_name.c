// SPDX-License-Identifier: GPL-2.0-or-later
/* What a machine is called: valid names, and whose word counts. */
#include "src/rootovl/settings/host_name.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

TEST(names_of_rfc_1123)
{
	static const char *const good[] = { "a", "node77", "7up", "node-77.lab.example", A64 };
	static const char *const bad[] = { "",	  "-a",	  "a-",	 "a..b",	  ".a",
					   "a.",  "a b",  "a_b", "10.1.0.1",	  A64 "a",
					   "a\n", "\x01", "a/b", "knoten\xc3\xa4" };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		if (!host_name_is_valid(good[i]))
			fail_msg("%s is refused", good[i]);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (host_name_is_valid(bad[i]))
			fail_msg("%s is taken", bad[i]);
}

static const struct {
	struct host_name_words words;
	const char *name;
	enum host_name_source source;
} rows[] = {
	{ { .root = "own\n", .line = "line", .lease = "lease" }, "own", HOST_NAME_ROOT },
	{ { .root = "own\n", .asked = "asked", .line = "line" }, "asked", HOST_NAME_ASKED },
	{ { .root = "\n# x\n\t own \n" }, "own", HOST_NAME_ROOT },
	{ { .root = "own_name\n", .lease = "lease" }, "own_name", HOST_NAME_ROOT },
	{ { .root = "localhost\n", .line = "line", .lease = "lease" }, "line", HOST_NAME_LINE },
	{ { .root = "localhost.localdomain\n", .lease = "lease" }, "lease", HOST_NAME_LEASE },
	{ { .root = "", .lease = "node77.lab." }, "node77.lab", HOST_NAME_LEASE },
	{ { .root = "a b/c\n" }, "a", HOST_NAME_ROOT },
	{ { .root = "a/c\n", .lease = "lease" }, "a/c", HOST_NAME_ROOT },
	{ { .root = "node-????\n", .line = "line" }, "node-????", HOST_NAME_ROOT },
	{ { .root = "node1.\n", .lease = "lease" }, "node1.", HOST_NAME_ROOT },
	{ { .lease = "lease" }, "lease", HOST_NAME_LEASE },
	{ { .lease = A64 ".lab" }, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", HOST_NAME_LEASE },
	{ { .line = "localhost", .lease = "localhost" }, NULL, HOST_NAME_NONE },
	{ { .line = "bad_name", .lease = "$(reboot)" }, NULL, HOST_NAME_NONE },
	{ { .lease = "." }, NULL, HOST_NAME_NONE },
	{ { .root = NULL }, NULL, HOST_NAME_NONE },
};

TEST(the_root_s_own_name_counts_unless_another_is_asked_for)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *name = NULL;
		enum host_name_source source = host_name_choose(&rows[i].words, &name);

		if (source != rows[i].source)
			fail_msg("row %zu: %s", i, host_name_source(source));
		assert_string_equal(name ? name : "none", rows[i].name ? rows[i].name : "none");
	}
}

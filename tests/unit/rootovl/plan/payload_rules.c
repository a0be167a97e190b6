// SPDX-License-Identifier: GPL-2.0-or-later
/* The payload's rules: tables to rules, and what of a source may be moved. */
#include "src/common/mem.h"
#include "src/rootovl/plan/payload_settle.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

static const struct payload_words words = { .kernel = "6.1.0-18", .user = "lkp" };

/* The rules as text, "tree /a /b; …", after settling with " move" and what is kept. */
static char *told(const struct payload_rules *rules, bool settled)
{
	char *text = xstrdup("");

	for (size_t i = 0; i < rules->n; i++) {
		const struct payload_rule *rule = &rules->rules[i];
		auto_free char *before = text, *keep = strv_join(rule->keep, " ");

		text = xasprintf("%s%s%s %s %s", before, i ? "; " : "",
				 rule->mode == PAYLOAD_TREE ? "tree"
				 : rule->unless		    ? rule->unless
							    : "missing",
				 rule->source, rule->dest);
		if (settled && rule->move) {
			auto_free char *plain = text;

			text = xasprintf("%s move%s%s", plain, rule->keep ? " but " : "",
					 rule->keep ? keep : "");
		}
	}
	return text;
}

static void assert_rules(const char *table, const struct payload_words *with, const char *expected)
{
	struct payload_rules rules = { .n = 0 };
	auto_failure struct failure f = { 0 };
	auto_free char *text = NULL;

	assert_int_equal(payload_rules_parse(&rules, "table", table, with, &f), 0);
	text = told(&rules, false);
	assert_string_equal(text, expected);
	payload_rules_done(&rules);
}

static void assert_refused(const char *table, const char *expected)
{
	struct payload_rules rules = { .n = 0 };
	auto_failure struct failure f = { 0 };

	assert_int_equal(payload_rules_parse(&rules, "payload.d/x.conf", table, &words, &f), -22);
	assert_string_equal(f.what, expected);
	assert_non_null(f.hint);
	assert_int_equal(rules.n, 0);
	payload_rules_done(&rules);
}

static void assert_settled(const char *table, const char *expected)
{
	struct payload_rules rules = { .n = 0 };
	auto_failure struct failure f = { 0 };
	auto_free char *text = NULL;

	assert_int_equal(payload_rules_parse(&rules, "table", table, &words, &f), 0);
	payload_settle(&rules);
	text = told(&rules, true);
	assert_string_equal(text, expected);
	payload_rules_done(&rules);
}

TEST(a_table_of_blanks_and_comments_has_no_rules)
{
	assert_rules("", &words, "");
	assert_rules("\n\n  \t\n# tree /a\n   # x\r\n", &words, "");
}

TEST(fields_are_separated_by_any_blanks)
{
	assert_rules("tree /a\n \ttree\t/b  /c # why\nmissing /d\r\ntree /e /f", &words,
		     "tree /a /a; tree /b /c; missing /d /d; tree /e /f");
}

TEST(paths_are_made_clean)
{
	assert_rules("tree //a/./b///c/ /.\ntree / /x/.\ntree /... /..a/b..", &words,
		     "tree /a/b/c /; tree / /x; tree /... /..a/b..");
}

TEST(bytes_that_are_no_utf8_stay)
{
	assert_rules("tree /\xff\xfe", &words, "tree /\xff\xfe /\xff\xfe");
}

TEST(words_stand_for_the_kernel_and_the_user)
{
	assert_rules("missing:a.dep /lib /b", &words, "a.dep /lib /b");
	assert_rules("missing /lib/modules/{kernel}\ntree /lkp/{user}/{user}.d /", &words,
		     "missing /lib/modules/6.1.0-18 /lib/modules/6.1.0-18; tree /lkp/lkp/lkp.d /");
}

TEST(a_rule_with_a_word_that_has_no_value_is_left_out)
{
	const struct payload_words none = { .kernel = "6.1" };

	assert_rules("tree /lkp\ntree /lkp/{user}/addon /\ntree /a /{user}\nmissing /{kernel}",
		     &none, "tree /lkp /lkp; missing /6.1 /6.1");
}

TEST(a_malformed_line_is_named_with_what_is_expected)
{
	assert_refused("tree /a\ncopy /b\n", "payload.d/x.conf:2: no such mode: copy");
	assert_refused("tree", "payload.d/x.conf:1: the source is missing behind: tree");
	assert_refused("\n\ntree a", "payload.d/x.conf:3: a path must begin with /: a");
	assert_refused("tree /a b", "payload.d/x.conf:1: a path must begin with /: b");
	assert_refused("tree /a/../b", "payload.d/x.conf:1: a path must not hold ..: /a/../b");
	assert_refused("tree /a /b/..", "payload.d/x.conf:1: a path must not hold ..: /b/..");
	assert_refused("tree /a /b /c", "payload.d/x.conf:1: too many fields: /c");
	assert_refused("tree /{job}",
		       "payload.d/x.conf:1: only {kernel} and {user} are known: {job}");
	assert_refused("tree /{}", "payload.d/x.conf:1: only {kernel} and {user} are known: {}");
	assert_refused("tree /a{user", "payload.d/x.conf:1: a { without a }: /a{user");
	assert_refused("TREE /a", "payload.d/x.conf:1: no such mode: TREE");
	assert_refused("missing: /a", "payload.d/x.conf:1: no such mode: missing:");
	assert_refused("missing:.. /a", "payload.d/x.conf:1: no such mode: missing:..");
	assert_refused("missing:a/b /a", "payload.d/x.conf:1: no such mode: missing:a/b");
	assert_refused("tree:a /a", "payload.d/x.conf:1: no such mode: tree:a");
}

TEST(a_rule_that_is_left_out_must_be_well_formed_too)
{
	const struct payload_words none = { .kernel = NULL };
	const char *const bad[] = { "tree /{user} x", "tree /{user}/..", "tree x{kernel}",
				    "tree /{user} /a /b" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct payload_rules rules = { .n = 0 };
		auto_failure struct failure f = { 0 };

		assert_int_equal(payload_rules_parse(&rules, "t", bad[i], &none, &f), -22);
		payload_rules_done(&rules);
	}
}

TEST(a_refused_table_leaves_the_rules_as_they_were)
{
	struct payload_rules rules = { .n = 0 };
	auto_failure struct failure f = { 0 };

	assert_int_equal(payload_rules_parse(&rules, "one", "tree /a", &words, &f), 0);
	assert_true(payload_rules_parse(&rules, "two", "tree /b\ntree /c\ntree", &words, &f) < 0);
	assert_int_equal(rules.n, 1);
	assert_string_equal(rules.rules[0].source, "/a");
	payload_rules_done(&rules);
}

TEST(a_user_that_is_no_single_name_is_refused)
{
	const char *const bad[] = { "", ".", "..", "a/b", "/", "../etc", "a/" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		const struct payload_words with = { .kernel = "6.1", .user = bad[i] };
		struct payload_rules rules = { .n = 0 };
		auto_failure struct failure f = { 0 };

		assert_int_equal(payload_rules_parse(&rules, "t", "tree /a", &with, &f), -22);
		assert_non_null(strstr(f.what, "user"));
		payload_rules_done(&rules);
	}
}

TEST(rootovl_copy_is_a_tree_rule)
{
	struct payload_rules rules = { .n = 0 };
	auto_failure struct failure f = { 0 };
	auto_free char *text = NULL;

	assert_int_equal(payload_rules_add_copy(&rules, "/a//b", &f), 0);
	assert_int_equal(payload_rules_add_copy(&rules, "/c d:/e/", &f), 0);
	text = told(&rules, false);
	assert_string_equal(text, "tree /a/b /a/b; tree /c d /e");
	payload_rules_done(&rules);
}

TEST(a_malformed_rootovl_copy_is_refused)
{
	const char *const bad[] = { "",	    ":",	"a",   "/a:",	  ":/b",
				    "/a:b", "/a:/b:/c", "/..", "/a:/../b" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct payload_rules rules = { .n = 0 };
		auto_failure struct failure f = { 0 };

		assert_int_equal(payload_rules_add_copy(&rules, bad[i], &f), -22);
		assert_int_equal(strncmp(f.what, "rootovl.copy: ", 14), 0);
		assert_int_equal(rules.n, 0);
		payload_rules_done(&rules);
	}
}

TEST(a_source_of_its_own_is_moved)
{
	assert_settled("tree /lkp\ntree /opt\ntree /usr/local\ntree /usr/src\ntree /home/x",
		       "tree /lkp /lkp move; tree /opt /opt move; tree /usr/local /usr/local move; "
		       "tree /usr/src /usr/src move; tree /home/x /home/x move");
}

TEST(what_a_later_rule_needs_is_kept)
{
	assert_settled("tree /lkp\ntree /lkp/a /\ntree /lkp/b/c /",
		       "tree /lkp /lkp move but /lkp/a /lkp/b/c; tree /lkp/a / move; "
		       "tree /lkp/b/c / move");
	/* what an earlier one had is gone */
	assert_settled("tree /lkp/a /\ntree /lkp", "tree /lkp/a /; tree /lkp /lkp move");
}

TEST(a_source_that_a_later_rule_covers_is_not_moved)
{
	assert_settled("tree /lkp /one\ntree /lkp /two", "tree /lkp /one; tree /lkp /two move");
	/* a name that only begins alike is another one */
	assert_settled("tree /lkp\ntree /lkp2", "tree /lkp /lkp move; tree /lkp2 /lkp2 move");
}

TEST(what_the_initramfs_needs_is_never_moved)
{
	const char *const needed[] = {
		"/",	  "/usr",     "/bin",	      "/bin/x",	  "/sbin", "/lib",
		"/lib64", "/lib/x/y", "/usr/lib",     "/usr/bin", "/etc",  "/etc/x",
		"/init",  "/dev",     "/usr/lib64",   "/run/x",	  "/var",  "/tmp/x",
		"/root",  "/sysroot", "/usr/share/x",
	};

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		auto_free char *table = xasprintf("tree %s /x", needed[i]);

		assert_settled(table, table);
	}
}

TEST(what_is_only_copied_where_missing_is_not_moved)
{
	assert_settled("missing /opt", "missing /opt /opt");
}

static char *read_builtin(void)
{
	auto_fclose FILE *in = fopen("src/rootovl/payload.conf", "re");
	char *text = NULL;
	size_t size = 0;

	assert_non_null(in);
	assert_true(getdelim(&text, &size, '\0', in) > 0);
	return text;
}

TEST(the_built_in_table_is_compass_ci_s)
{
	auto_free char *table = read_builtin();

	assert_settled(table, "tree /custom_bootstrap / move; "
			      "tree /lkp /lkp move but /lkp/lkp/src/rootfs/addon; "
			      "tree /lkp/lkp/src/rootfs/addon / move; tree /opt /opt move; "
			      "tree /usr/local /usr/local move; tree /usr/src /usr/src move; "
			      "modules.dep /lib/modules/6.1.0-18 /lib/modules/6.1.0-18; "
			      "missing /lib/firmware /lib/firmware; "
			      "missing /usr/lib/rootovl/rootovl-report /usr/bin/rootovl");
}

TEST(a_table_has_200_rules_at_most)
{
	static const char line[] = "tree /lkp\n";
	auto_free char *text = xcalloc(201 * strlen(line) + 1, 1);
	struct payload_rules rules = { .n = 0 };
	auto_failure struct failure f = { 0 };

	for (size_t i = 0; i < 200; i++)
		strcat(text, line);
	assert_int_equal(payload_rules_parse(&rules, "table", text, &words, &f), 0);
	payload_rules_done(&rules);
	rules = (struct payload_rules){ .n = 0 };
	strcat(text, line);
	assert_int_equal(payload_rules_parse(&rules, "table", text, &words, &f), -EINVAL);
	assert_non_null(strstr(f.what, "table:201: "));
	payload_rules_done(&rules);
}

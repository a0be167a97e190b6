// SPDX-License-Identifier: GPL-2.0-or-later
/* The payload's rules: tables to rules, and what of a source may be moved. */
#include "src/common/mem.h"
#include "src/rootovl/plan/payload_settle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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

static void a_table_of_blanks_and_comments_has_no_rules(void **state)
{
	(void)state;
	assert_rules("", &words, "");
	assert_rules("\n\n  \t\n# tree /a\n   # x\r\n", &words, "");
}

static void fields_are_separated_by_any_blanks(void **state)
{
	(void)state;
	assert_rules("tree /a\n \ttree\t/b  /c # why\nmissing /d\r\ntree /e /f", &words,
		     "tree /a /a; tree /b /c; missing /d /d; tree /e /f");
}

static void paths_are_made_clean(void **state)
{
	(void)state;
	assert_rules("tree //a/./b///c/ /.\ntree / /x/.\ntree /... /..a/b..", &words,
		     "tree /a/b/c /; tree / /x; tree /... /..a/b..");
}

static void bytes_that_are_no_utf8_stay(void **state)
{
	(void)state;
	assert_rules("tree /\xff\xfe", &words, "tree /\xff\xfe /\xff\xfe");
}

static void words_stand_for_the_kernel_and_the_user(void **state)
{
	(void)state;
	assert_rules("missing:a.dep /lib /b", &words, "a.dep /lib /b");
	assert_rules("missing /lib/modules/{kernel}\ntree /lkp/{user}/{user}.d /", &words,
		     "missing /lib/modules/6.1.0-18 /lib/modules/6.1.0-18; tree /lkp/lkp/lkp.d /");
}

static void a_rule_with_a_word_that_has_no_value_is_left_out(void **state)
{
	const struct payload_words none = { .kernel = "6.1" };

	(void)state;
	assert_rules("tree /lkp\ntree /lkp/{user}/addon /\ntree /a /{user}\nmissing /{kernel}",
		     &none, "tree /lkp /lkp; missing /6.1 /6.1");
}

static void a_malformed_line_is_named_with_what_is_expected(void **state)
{
	(void)state;
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

static void a_rule_that_is_left_out_must_be_well_formed_too(void **state)
{
	const struct payload_words none = { .kernel = NULL };
	const char *const bad[] = { "tree /{user} x", "tree /{user}/..", "tree x{kernel}",
				    "tree /{user} /a /b" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct payload_rules rules = { .n = 0 };
		auto_failure struct failure f = { 0 };

		assert_int_equal(payload_rules_parse(&rules, "t", bad[i], &none, &f), -22);
		payload_rules_done(&rules);
	}
}

static void a_refused_table_leaves_the_rules_as_they_were(void **state)
{
	struct payload_rules rules = { .n = 0 };
	auto_failure struct failure f = { 0 };

	(void)state;
	assert_int_equal(payload_rules_parse(&rules, "one", "tree /a", &words, &f), 0);
	assert_true(payload_rules_parse(&rules, "two", "tree /b\ntree /c\ntree", &words, &f) < 0);
	assert_int_equal(rules.n, 1);
	assert_string_equal(rules.rules[0].source, "/a");
	payload_rules_done(&rules);
}

static void a_user_that_is_no_single_name_is_refused(void **state)
{
	const char *const bad[] = { "", ".", "..", "a/b", "/", "../etc", "a/" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		const struct payload_words with = { .kernel = "6.1", .user = bad[i] };
		struct payload_rules rules = { .n = 0 };
		auto_failure struct failure f = { 0 };

		assert_int_equal(payload_rules_parse(&rules, "t", "tree /a", &with, &f), -22);
		assert_non_null(strstr(f.what, "user"));
		payload_rules_done(&rules);
	}
}

static void rootovl_copy_is_a_tree_rule(void **state)
{
	struct payload_rules rules = { .n = 0 };
	auto_failure struct failure f = { 0 };
	auto_free char *text = NULL;

	(void)state;
	assert_int_equal(payload_rules_add_copy(&rules, "/a//b", &f), 0);
	assert_int_equal(payload_rules_add_copy(&rules, "/c d:/e/", &f), 0);
	text = told(&rules, false);
	assert_string_equal(text, "tree /a/b /a/b; tree /c d /e");
	payload_rules_done(&rules);
}

static void a_malformed_rootovl_copy_is_refused(void **state)
{
	const char *const bad[] = { "",	    ":",	"a",   "/a:",	  ":/b",
				    "/a:b", "/a:/b:/c", "/..", "/a:/../b" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct payload_rules rules = { .n = 0 };
		auto_failure struct failure f = { 0 };

		assert_int_equal(payload_rules_add_copy(&rules, bad[i], &f), -22);
		assert_int_equal(strncmp(f.what, "rootovl.copy: ", 14), 0);
		assert_int_equal(rules.n, 0);
		payload_rules_done(&rules);
	}
}

static void a_source_of_its_own_is_moved(void **state)
{
	(void)state;
	assert_settled("tree /lkp\ntree /opt\ntree /usr/local\ntree /usr/src\ntree /home/x",
		       "tree /lkp /lkp move; tree /opt /opt move; tree /usr/local /usr/local move; "
		       "tree /usr/src /usr/src move; tree /home/x /home/x move");
}

static void what_a_later_rule_needs_is_kept(void **state)
{
	(void)state;
	assert_settled("tree /lkp\ntree /lkp/a /\ntree /lkp/b/c /",
		       "tree /lkp /lkp move but /lkp/a /lkp/b/c; tree /lkp/a / move; "
		       "tree /lkp/b/c / move");
	/* what an earlier one had is gone */
	assert_settled("tree /lkp/a /\ntree /lkp", "tree /lkp/a /; tree /lkp /lkp move");
}

static void a_source_that_a_later_rule_covers_is_not_moved(void **state)
{
	(void)state;
	assert_settled("tree /lkp /one\ntree /lkp /two", "tree /lkp /one; tree /lkp /two move");
	/* a name that only begins alike is another one */
	assert_settled("tree /lkp\ntree /lkp2", "tree /lkp /lkp move; tree /lkp2 /lkp2 move");
}

static void what_the_initramfs_needs_is_never_moved(void **state)
{
	const char *const needed[] = {
		"/",	  "/usr",     "/bin",	      "/bin/x",	  "/sbin", "/lib",
		"/lib64", "/lib/x/y", "/usr/lib",     "/usr/bin", "/etc",  "/etc/x",
		"/init",  "/dev",     "/usr/lib64",   "/run/x",	  "/var",  "/tmp/x",
		"/root",  "/sysroot", "/usr/share/x",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		auto_free char *table = xasprintf("tree %s /x", needed[i]);

		assert_settled(table, table);
	}
}

static void what_is_only_copied_where_missing_is_not_moved(void **state)
{
	(void)state;
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

static void the_built_in_table_is_compass_ci_s(void **state)
{
	auto_free char *table = read_builtin();

	(void)state;
	assert_settled(table, "tree /custom_bootstrap / move; "
			      "tree /lkp /lkp move but /lkp/lkp/src/rootfs/addon; "
			      "tree /lkp/lkp/src/rootfs/addon / move; tree /opt /opt move; "
			      "tree /usr/local /usr/local move; tree /usr/src /usr/src move; "
			      "modules.dep /lib/modules/6.1.0-18 /lib/modules/6.1.0-18; "
			      "missing /lib/firmware /lib/firmware; "
			      "missing /usr/lib/rootovl/rootovl-report /usr/bin/rootovl");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_blanks_and_comments_has_no_rules),
		cmocka_unit_test(fields_are_separated_by_any_blanks),
		cmocka_unit_test(paths_are_made_clean),
		cmocka_unit_test(bytes_that_are_no_utf8_stay),
		cmocka_unit_test(words_stand_for_the_kernel_and_the_user),
		cmocka_unit_test(a_rule_with_a_word_that_has_no_value_is_left_out),
		cmocka_unit_test(a_malformed_line_is_named_with_what_is_expected),
		cmocka_unit_test(a_rule_that_is_left_out_must_be_well_formed_too),
		cmocka_unit_test(a_refused_table_leaves_the_rules_as_they_were),
		cmocka_unit_test(a_user_that_is_no_single_name_is_refused),
		cmocka_unit_test(rootovl_copy_is_a_tree_rule),
		cmocka_unit_test(a_malformed_rootovl_copy_is_refused),
		cmocka_unit_test(a_source_of_its_own_is_moved),
		cmocka_unit_test(what_a_later_rule_needs_is_kept),
		cmocka_unit_test(a_source_that_a_later_rule_covers_is_not_moved),
		cmocka_unit_test(what_the_initramfs_needs_is_never_moved),
		cmocka_unit_test(what_is_only_copied_where_missing_is_not_moved),
		cmocka_unit_test(the_built_in_table_is_compass_ci_s),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

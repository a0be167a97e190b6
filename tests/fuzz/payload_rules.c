// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A payload table, then a NUL byte and the value of a rootovl.copy=, then one and the user. What is
 * accepted are clean absolute paths, and what is moved is nothing that the initramfs needs.
 */
#include "src/common/mem.h"
#include "src/rootovl/plan/payload_settle.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_path(const char *path)
{
	size_t len = strlen(path);
	auto_free char *closed = xasprintf("%s/", path);

	must(path[0] == '/');
	if (len == 1)
		return;
	must(path[len - 1] != '/' && !strstr(path, "//"));
	must(!strstr(closed, "/./") && !strstr(closed, "/../"));
}

static void check_rule(const struct payload_rule *rule)
{
	check_path(rule->source);
	check_path(rule->dest);
	if (rule->move) {
		must(rule->mode == PAYLOAD_TREE);
		must(strcmp(rule->source, "/") != 0 && strncmp(rule->source, "/etc/", 5) != 0);
		must(strncmp(rule->source, "/usr/lib", 8) != 0);
	}
	for (char **keep = rule->keep; keep && *keep; keep++) {
		size_t len = strlen(rule->source);

		must(strncmp(*keep, rule->source, len) == 0);
		must(len == 1 || (*keep)[len] == '/');
	}
}

/* The next of the texts, which end with NUL bytes; an empty one where there are no more. */
static const char *next(const char *text, const char *end)
{
	const char *after = text + strlen(text);

	return after < end ? after + 1 : after;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *table = xcalloc(size + 1, 1);
	const char *copy = next(memcpy(table, data, size), table + size);
	const char *user = next(copy, table + size);
	const struct payload_words words = { .kernel = "6.1.0", .user = *user ? user : NULL };
	struct payload_rules rules = { .n = 0 };
	auto_failure struct failure f = { 0 };

	if (payload_rules_parse(&rules, "table", table, &words, &f) < 0)
		must(f.code && f.what && !strchr(f.what, '\n') && rules.n == 0);
	(void)payload_rules_add_copy(&rules, copy, &f);
	payload_settle(&rules);
	for (size_t i = 0; i < rules.n; i++)
		check_rule(&rules.rules[i]);
	payload_rules_done(&rules);
	return 0;
}

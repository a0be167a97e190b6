// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/plan/payload_settle.h"

#include "src/common/mem.h"

#include <string.h>

/* Without these the initramfs cannot go on to switch_root; "*" ends a name that may be longer. */
static const char *const needed[] = {
	"/bin",		"/sbin",      "/lib*", "/usr/bin", "/usr/sbin", "/usr/lib*",
	"/usr/libexec", "/usr/share", "/etc",  "/init",	   "/dev",	"/proc",
	"/sys",		"/run",	      "/var",  "/tmp",	   "/root",	"/sysroot",
};

/* Does `path` lie in something that `pattern` names, or is it that itself? */
static bool lies_in(const char *path, const char *pattern)
{
	size_t len = strcspn(pattern, "*");

	if (strncmp(path, pattern, len) != 0)
		return false;
	return pattern[len] == '*' || path[len] == '\0' || path[len] == '/';
}

static bool initramfs_needs(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		if (lies_in(path, needed[i]) || payload_rules_cover(path, needed[i]))
			return true;
	}
	return false;
}

static void settle(struct payload_rules *rules, size_t i)
{
	struct payload_rule *rule = &rules->rules[i];

	rule->move =
		!rule->stays && rule->mode != PAYLOAD_MISSING && !initramfs_needs(rule->source);
	for (size_t later = i + 1; later < rules->n; later++) {
		const char *other = rules->rules[later].source;

		if (payload_rules_cover(other, rule->source))
			rule->move = false;
		else if (payload_rules_cover(rule->source, other))
			strv_add(&rule->keep, xstrdup(other));
	}
}

void payload_settle(struct payload_rules *rules)
{
	for (size_t i = 0; i < rules->n; i++)
		settle(rules, i);
}

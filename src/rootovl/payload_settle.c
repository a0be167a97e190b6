// SPDX-License-Identifier: GPL-2.0-or-later
/* What of each source may be moved, and what has to stay where it is. Pure. */
#include "payload.h"
#include "payload_internal.h"

#include <errno.h>
#include <string.h>

/* Without these the initramfs cannot go on to switch_root; "*" ends a name that may be longer. */
static const char *const needed[] = {
	"/bin",		"/sbin",      "/lib*", "/usr/bin", "/usr/sbin", "/usr/lib*",
	"/usr/libexec", "/usr/share", "/etc",  "/init",	   "/dev",	"/proc",
	"/sys",		"/run",	      "/var",  "/tmp",	   "/root",	"/sysroot",
};

bool payload_covers(const char *outer, const char *inner)
{
	size_t len = strlen(outer);

	if (strncmp(inner, outer, len) != 0)
		return false;
	return inner[len] == '\0' || inner[len] == '/' || outer[len - 1] == '/';
}

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
		if (lies_in(path, needed[i]) || payload_covers(path, needed[i]))
			return true;
	}
	return false;
}

static int keep(struct payload_rule *rule, const char *path)
{
	size_t n = 0;
	char **more;

	while (rule->keep && rule->keep[n])
		n++;
	more = reallocarray(rule->keep, n + 2, sizeof(*more));
	if (!more)
		return -ENOMEM;
	rule->keep = more;
	more[n + 1] = NULL;
	more[n] = strdup(path);
	return more[n] ? 0 : -ENOMEM;
}

static int settle(struct payload_rules *rules, size_t i)
{
	struct payload_rule *rule = &rules->rules[i];
	int r;

	rule->move = rule->mode != PAYLOAD_MISSING && !initramfs_needs(rule->source);
	for (size_t later = i + 1; rule->move && later < rules->n; later++) {
		const char *other = rules->rules[later].source;

		if (payload_covers(other, rule->source)) {
			rule->move = false;
		} else if (payload_covers(rule->source, other)) {
			r = keep(rule, other);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

int payload_rules_settle(struct payload_rules *rules, struct failure *f)
{
	for (size_t i = 0; i < rules->n; i++) {
		int r = settle(rules, i);

		if (r < 0)
			return fail_errno(f, -r, NULL, "payload rules");
	}
	return 0;
}

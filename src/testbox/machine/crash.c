// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/crash.h"

#include "src/common/macro.h"

#include <ctype.h>
#include <string.h>

static const struct pattern {
	const char *begin;
	const char *then; /* somewhere behind it; NULL: nothing more */
	const char *reason;
} patterns[] = {
	{ "Kernel panic - not syncing", NULL, "kernel panic" },
	{ "BUG: unable to handle ", NULL, "kernel oops" },
	{ "BUG: kernel NULL pointer", NULL, "kernel oops" },
	{ "Unable to handle kernel ", NULL, "kernel oops" }, /* arm64 */
	{ "Internal error: ", "[#", "kernel oops" },	     /* arm64 */
	{ "Oops: ", "[#", "kernel oops" },
	{ "general protection fault", NULL, "kernel oops" },
	{ "invalid opcode: ", "[#", "kernel oops" },
	{ "kernel BUG at ", NULL, "kernel oops" },
	{ "BUG: KASAN: ", NULL, "kernel oops" },
	{ "watchdog: BUG: soft lockup", NULL, "kernel hang" },
	{ "watchdog: CPU", "hard LOCKUP", "kernel hang" },
	{ "NMI watchdog: Watchdog detected hard LOCKUP", NULL, "kernel hang" },
	{ "INFO: task ", " blocked for more than ", "kernel hang" },
	{ "rcu: INFO: ", "stall", "kernel hang" },
};

/* Behind "[   12.345678] " or "[   12.345678][  T123] " where it is there. */
static const char *skip_time(const char *line)
{
	while (*line == '[') {
		const char *p = line + 1;

		p += strspn(p, " TC0123456789.");
		if (*p != ']')
			return line;
		line = p + 1;
	}
	while (isspace((unsigned char)*line))
		line++;
	return line;
}

const char *crash_reason(const char *line)
{
	const char *text = skip_time(line);

	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		const struct pattern *pattern = &patterns[i];
		size_t len = strlen(pattern->begin);

		if (!strncmp(text, pattern->begin, len) &&
		    (!pattern->then || strstr(text + len, pattern->then)))
			return pattern->reason;
	}
	return NULL;
}

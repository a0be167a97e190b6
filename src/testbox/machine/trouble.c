// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/trouble.h"

#include "src/common/macro.h"
#include "src/common/mem.h"

#include <ctype.h>
#include <string.h>

#define SHOWN_MAX 1000
#define ESCAPE	  '\x1b'

static const struct crash {
	const char *begin;
	const char *then; /* somewhere behind it; NULL: nothing more */
	const char *reason;
} crashes[] = {
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

/* What the kernel says in a line, which may stand behind a prompt that waits for an answer. */
static const char *kernels_text(const char *line)
{
	static const char prompt[] = " login: [";
	const char *at = strstr(line, prompt);

	return skip_time(at ? at + strlen(prompt) - 1 : line);
}

static const char *crash_reason(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(crashes); i++) {
		const struct crash *crash = &crashes[i];
		size_t len = strlen(crash->begin);

		if (!strncmp(text, crash->begin, len) &&
		    (!crash->then || strstr(text + len, crash->then)))
			return crash->reason;
	}
	return NULL;
}

/* A boot that came to nothing, in the words of those who say so. */
static const struct failed {
	const char *begin;
	enum trouble trouble;
	bool before_ready; /* only until the root is ready */
} failed[] = {
	{ "rootovl: failed: ", TROUBLE_BOOT, true },
	{ "rootovl: failed, rebooting: ", TROUBLE_REBOOT, true },
	{ "rootovl: failed, powering off: ", TROUBLE_POWEROFF, true },
	/* modules.d/50rootovl/emergency.sh */
	{ "The root could not be made.", TROUBLE_BOOT, true },
	/* dracut */
	{ "Entering emergency mode.", TROUBLE_BOOT, true },
	/* systemd-sulogin-shell(8), and sulogin(8) itself */
	{ "You are in emergency mode.", TROUBLE_BOOT, false },
	{ "You are in rescue mode.", TROUBLE_BOOT, false },
	{ "Cannot open access to console, the root account is locked.", TROUBLE_BOOT, false },
	/* systemd itself gives up */
	{ "[!!!!!!] ", TROUBLE_BOOT, false },
};

/* The end of an escape sequence (ECMA-48). */
static const char *skip_escape(const char *text)
{
	static const char between[] = " !\"#$%&'()*+,-./";

	text++;
	if (*text == ']') { /* ended by BEL, or by ESC and a backslash */
		text += strcspn(text, "\a\x1b");
		return *text == ESCAPE && text[1] == '\\' ? text + 2 : text + (*text == '\a');
	}
	if (*text == '[')
		text += 1 + strspn(text + 1, "0123456789:;<=>?");
	text += strspn(text, between);
	return *text ? text + 1 : text;
}

char *trouble_printable(const char *text)
{
	char *result = xcalloc(SHOWN_MAX + 1, 1), *out = result;

	while (*text && out < result + SHOWN_MAX) {
		unsigned char c = (unsigned char)text[0], next = (unsigned char)text[1];

		if (c == ESCAPE) {
			text = skip_escape(text);
		} else if (c == 0xc2 && next >= 0x80 && next < 0xa0) {
			text += 2; /* C1 in UTF-8 */
		} else {
			if (c >= ' ' && c != 0x7f)
				*out++ = *text;
			text++;
		}
	}
	return result;
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static void take_stage(struct boot_stage *stage, const char *line, const char *text)
{
	/* Another boot: after a reset, or by kexec. */
	if (begins(text, "Linux version ")) {
		stage->ready = false;
		stage->timed = text != line;
	}
	if (!begins(line, "rootovl: root ready in "))
		return;
	stage->ready = true;
	stage->no_job = strstr(line, "no unit enabled") != NULL;
}

enum trouble trouble_of_line(struct boot_stage *stage, const char *line, char **ret_reason)
{
	auto_free char *shown = trouble_printable(line);
	const char *text = kernels_text(shown), *crash = crash_reason(text);

	/* A kernel that prints times prints them always: a line without one is a program's. */
	if (crash && (!stage->timed || text != shown)) {
		*ret_reason = xstrdup(crash);
		return TROUBLE_CRASH;
	}
	take_stage(stage, shown, text);
	for (size_t i = 0; i < ARRAY_SIZE(failed); i++) {
		if (!begins(shown, failed[i].begin) || (failed[i].before_ready && stage->ready))
			continue;
		*ret_reason = STEAL(shown);
		return failed[i].trouble;
	}
	return TROUBLE_NONE;
}

bool trouble_is_login(const char *text, size_t len)
{
	static const char prompt[] = " login: ";
	const size_t n = sizeof(prompt) - 1;

	return len > n && !memcmp(text + len - n, prompt, n);
}

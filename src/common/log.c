// SPDX-License-Identifier: GPL-2.0-or-later
#include "log.h"

#include "mem.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>

static void to_log(int priority, const char *text)
{
	if (getenv("JOURNAL_STREAM"))
		fprintf(stderr, "<%d>%s\n", priority, text);
	else
		fprintf(stderr, "%s\n", text);
}

void log_line(int priority, const char *fmt, ...)
{
	auto_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	if (text)
		to_log(priority, text);
}

void log_console(int priority, const char *fmt, ...)
{
	auto_close int console = -1;
	auto_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	if (!text)
		return;
	to_log(priority, text);
	console = open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	/* One write, so that no other line gets in between. */
	if (console >= 0)
		(void)!dprintf(console, "rootovl: %s\r\n", text);
}

char *log_failure_text(const struct failure *f)
{
	const char *what = f->what ? f->what : strerror(f->code);

	return f->hint ? xasprintf("%s (%s)", what, f->hint) : xstrdup(what);
}

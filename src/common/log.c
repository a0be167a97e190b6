// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/log.h"

#include "src/common/clock.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>

static uint64_t *last_line; /* where the time of a line is noted; NULL: nowhere */

void log_note_console(uint64_t *when)
{
	last_line = when;
}

/* A line gets its priority, for a journal takes each as a message of its own. */
static void to_log(int priority, const char *line)
{
	if (getenv("JOURNAL_STREAM"))
		fprintf(stderr, "<%d>", priority);
	fprintf(stderr, "%s\n", line);
}

void log_text(int priority, const char *text)
{
	auto_strv char **lines = strv_split(text, "\n");

	for (char **line = lines; line && *line; line++) {
		*line = one_line(*line);
		to_log(priority, *line);
	}
}

void log_line(int priority, const char *fmt, ...)
{
	auto_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = one_line(xvasprintf(fmt, ap));
	va_end(ap);
	to_log(priority, text);
}

void log_console(int priority, const char *fmt, ...)
{
	auto_close int console = -1;
	auto_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = one_line(xvasprintf(fmt, ap));
	va_end(ap);
	to_log(priority, text);
	if (last_line)
		*last_line = clock_ms();
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

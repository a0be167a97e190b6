// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/log.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KERNEL_LINE 800

static int kernel_log = -1;    /* /dev/kmsg if that is the log, else -1 */
static int kernel_console = 8; /* the kernel prints lower levels on the console */
static uint64_t *last_line;    /* where the time of the last line is stored; may be NULL */

void log_note_console(uint64_t *when)
{
	last_line = when;
}

/*
 * A record of the kernel's log. The kernel shows those below its console level on the console,
 * where log_console() writes itself: such a line becomes one for debugging. A longer line is cut in
 * parts, for the kernel takes a kilobyte at most (dev-kmsg in the kernel's Documentation/ABI).
 */
static void to_kernel(int priority, const char *line)
{
	if (priority < kernel_console)
		priority = LOG_DEBUG;
	do {
		size_t len = strnlen(line, KERNEL_LINE);

		auto_free char *record = xasprintf("<%d>rootovl: %.*s\n", priority, (int)len, line);

		/* Do not use stdio: it would seek, and /dev/kmsg has no position. */
		(void)!write(kernel_log, record, strlen(record));
		line += len;
	} while (*line);
}

void log_to_kernel(void)
{
	auto_free char *levels = NULL;

	kernel_log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	if (file_read(AT_FDCWD, "/proc/sys/kernel/printk", 64, &levels) == 0)
		kernel_console = atoi(levels);
}

/* Prefix each line with its priority, because the journal reads each line as a separate message. */
static void to_log(int priority, const char *line)
{
	if (kernel_log >= 0) {
		to_kernel(priority, line);
		return;
	}
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
	/* Write in one call, so that no other line can come between. */
	if (console >= 0)
		(void)!dprintf(console, "rootovl: %s\r\n", text);
}

char *log_failure_text(const struct failure *f)
{
	const char *what = f->what ? f->what : strerror(f->code);

	return f->hint ? xasprintf("%s (%s)", what, f->hint) : xstrdup(what);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/base/progress.h"

#include "src/common/clock.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"

#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>

#define CLEAR_LINE "\r\033[K"

/* Can a line be written over? */
static bool can_clear(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

/* A line that is wider than the terminal would stay when it is cleared. */
static int terminal_columns(void)
{
	struct winsize size = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		return 80;
	return size.ws_col;
}

void progress_begin(struct progress *step, const char *what)
{
	step->what = what;
	step->begun = clock_ms();
}

static double seconds_since(const struct progress *step)
{
	return (double)(clock_ms() - step->begun) / 1000;
}

void progress_tick(void *step)
{
	const struct progress *running = step;
	auto_free char *line = NULL;

	if (!can_clear())
		return;
	line = xasprintf("  %5.1f s  %s …", seconds_since(running), running->what);
	/* Two bytes of … take no column. */
	printf(CLEAR_LINE "%.*s", terminal_columns() - 1, line);
	fflush(stdout);
}

void progress_clear(void)
{
	if (!can_clear())
		return;
	fputs(CLEAR_LINE, stdout);
	fflush(stdout);
}

void progress_end(const struct progress *step, const char *fmt, ...)
{
	auto_free char *text = NULL;
	va_list ap;

	progress_clear();
	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	one_line_print(stdout, "  %5.1f s  %s: %s", seconds_since(step), step->what, text);
	fflush(stdout);
}

void progress_waits(const char *dir)
{
	progress_clear();
	one_line_print(stdout, "  waiting for another initrd-builder in %s", dir);
	fflush(stdout);
}

const char *progress_size(int64_t bytes)
{
	static char text[32];

	snprintf(text, sizeof(text), "%.1f MB", (double)bytes / 1e6);
	return text;
}

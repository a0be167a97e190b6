// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/base/progress.h"

#include "src/common/clock.h"

#include <stdarg.h>

#define CLEAR_LINE "\r\033[K"

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

	if (!isatty(STDOUT_FILENO))
		return;
	printf(CLEAR_LINE "  %5.1f s  %s …", seconds_since(running), running->what);
	fflush(stdout);
}

void progress_clear(void)
{
	if (!isatty(STDOUT_FILENO))
		return;
	fputs(CLEAR_LINE, stdout);
	fflush(stdout);
}

void progress_end(const struct progress *step, const char *fmt, ...)
{
	va_list ap;

	progress_clear();
	printf("  %5.1f s  %s: ", seconds_since(step), step->what);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

void progress_waits(const char *dir)
{
	progress_clear();
	printf("  waiting for another initrd-builder in %s\n", dir);
	fflush(stdout);
}

const char *progress_size(int64_t bytes)
{
	static char text[32];

	snprintf(text, sizeof(text), "%.1f MB", (double)bytes / 1e6);
	return text;
}

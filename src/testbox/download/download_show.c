// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/download_show.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BAR_WIDTH 24

void download_show_begin(struct download_show *show, bool quiet)
{
	const char *term = getenv("TERM");

	*show = (struct download_show){
		.quiet = quiet,
		.bars = !quiet && isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0,
	};
}

static void screen(unsigned *rows, unsigned *columns)
{
	struct winsize size = { 0 };

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_row || !size.ws_col)
		size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
	*rows = size.ws_row;
	*columns = size.ws_col;
}

static char *amount(uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB" };
	double n = (double)bytes;
	size_t unit = 0;

	for (; n >= 1024 && unit < ARRAY_SIZE(units) - 1; unit++)
		n /= 1024;
	return xasprintf(unit ? "%.1f %s" : "%.0f %s", n, units[unit]);
}

static void one_bar(const struct download_transfer *transfer, unsigned columns)
{
	auto_free char *have = amount(transfer->part_size);
	const char *slash = strrchr(transfer->shown, '/');
	char bar[BAR_WIDTH + 1];
	unsigned full = 0;
	auto_free char *line = NULL;

	if (transfer->total)
		full = transfer->part_size >= transfer->total
			       ? BAR_WIDTH
			       : (unsigned)(transfer->part_size * BAR_WIDTH / transfer->total);
	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', full);
	bar[BAR_WIDTH] = '\0';
	line = one_line(xasprintf("[%s] %10s  %s", bar, have, slash ? slash + 1 : transfer->shown));
	fprintf(stderr, "%.*s\033[K\n", (int)columns - 1, line);
}

void download_show_end(struct download_show *show)
{
	/* Up, and clear to the end of the screen. */
	if (show->drawn)
		fprintf(stderr, "\033[%uA\033[J", show->drawn);
	show->drawn = 0;
	show->drawn_at = 0;
}

void download_show_bars(struct download_show *show, const struct download_transfer *transfers,
			size_t n, double now)
{
	unsigned rows, columns;

	if (!show->bars || now - show->drawn_at < 0.2)
		return;
	screen(&rows, &columns);
	if (show->drawn)
		fprintf(stderr, "\033[%uA", show->drawn);
	show->drawn = 0;
	for (size_t i = 0; i < n && show->drawn + 2 < rows; i++) {
		if (transfers[i].state != TRANSFER_RUNS)
			continue;
		one_bar(&transfers[i], columns);
		show->drawn++;
	}
	fputs("\033[J", stderr);
	show->drawn_at = now;
}

void download_show_done(struct download_show *show, const struct download_transfer *transfer,
			double now)
{
	auto_free char *size = amount(transfer->entry.size);

	if (show->quiet)
		return;
	download_show_end(show);
	if (transfer->from_cache)
		log_line(LOG_INFO, "%s: in the cache, %s", transfer->shown, size);
	else
		log_line(LOG_INFO, "%s: %s in %.1f s%s", transfer->shown, size,
			 now - transfer->began, transfer->resumed ? ", the last part of it" : "");
}

void download_show_again(struct download_show *show, const struct failure *why, double pause)
{
	auto_free char *text = log_failure_text(why);

	download_show_end(show);
	log_line(LOG_NOTICE, "%s; again in %.1f s", text, pause);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user sees of downloads: bars on a terminal, a line for each event elsewhere. */
#pragma once

#include "src/testbox/download/download_transfer.h"

struct download_show {
	bool bars; /* standard error is a terminal */
	bool quiet;
	unsigned drawn; /* lines that the bars take now */
	double drawn_at;
};

/* Decides by standard error and `quiet` what is shown. */
void download_show_begin(struct download_show *show, bool quiet);

/* Draws the bars again, a few times a second at most. */
void download_show_bars(struct download_show *show, const struct download_transfer *transfers,
			size_t n, double now);

/* One file is there. */
void download_show_done(struct download_show *show, const struct download_transfer *transfer,
			double now);

/* An attempt failed, and there will be another. */
void download_show_again(struct download_show *show, const struct failure *why, double pause);

/* Takes the bars away. */
void download_show_end(struct download_show *show);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copied files that have everything but their times, which they get when their contents are
 * durable: a file with its time is complete, whatever happened since.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct tree_pending {
	struct {
		int fd;
		struct timespec times[2];
	} files[512];
	size_t n;
	uint64_t bytes;
};

/*
 * Adds a file that gets the times of `st`, and settles all when there are many. Takes the
 * descriptor over. Returns 0 or -errno, which may be of another file.
 */
int tree_pending_add(struct tree_pending *pending, int fd, const struct stat *st);

/* Makes all contents durable, gives the files their times and closes them. Returns 0 or -errno. */
int tree_pending_settle(struct tree_pending *pending);

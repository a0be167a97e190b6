/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much a running machine has put into the folder of results. The folder is walked in small
 * parts between other work, over and over, so a machine with millions of files holds nobody up.
 */
#pragma once

#include "src/common/failure.h"

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define RESULTS_DEPTH_MAX 500	     /* of folders in folders, as shared.c has it */
#define RESULTS_NAMES_MAX (4u << 20) /* beside those that were there */

struct results_room {
	int dir; /* the caller's; -1: nothing is watched */
	dev_t device;
	/* With what was there at the beginning. */
	uint64_t limit, names_limit, deep_limit;
	uint64_t size; /* that the machine may add, for people */
	/* Of the walk under way; `deep`: folders that are too deep to be walked. */
	uint64_t sum, names, deep;
	DIR *open[RESULTS_DEPTH_MAX];
	size_t depth; /* how many are open; 0: the next walk is to begin */
	uint64_t next_ms;
};

/* Looks at the folder as it is. `size` is how much may be added, in bytes; 0: half of what is free.
 */
int results_room_begin(struct results_room *room, int dir, uint64_t size, struct failure *f);

/* Walks on for a few milliseconds. `name` is the folder, for people. -EFBIG: it has too much. */
int results_room_look(struct results_room *room, const char *name, struct failure *f);

void results_room_end(struct results_room *room);

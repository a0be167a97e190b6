/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run must not leave behind, as a list; undo.c and run_guard.c each keep a copy. */
#pragma once

#include "src/testbox/machine/shared.h"

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

struct leftover {
	pid_t pid;  /* of a process, and of its group; 0: not a process, or one that has ended */
	int pidfd;  /* the guard's, which is not its parent; -1: none */
	char *path; /* NULL: it is a process */
	int fd;	    /* of a folder that is shared; -1: it is none */
	struct shared shared;
};

struct leftovers {
	struct leftover *items;
	size_t n;
};

/* A change of the list; the first three add to it. */
enum leftovers_change_kind {
	LEFTOVERS_PATH,
	LEFTOVERS_PROCESS,
	LEFTOVERS_SHARED, /* a folder that is to be taken back, shared.h */
	LEFTOVERS_FORGET, /* the process has ended */
	LEFTOVERS_DROP,	  /* the last of the list was undone */
};

struct leftovers_change {
	enum leftovers_change_kind kind;
	pid_t pid;
	struct shared shared;
	char path[PATH_MAX]; /* sent as long as it is; of what is shared, for people */
};

/* Changes the list. `fd` is of the folder that is shared, else -1, and the list's from then on. */
void leftovers_apply(struct leftovers *list, const struct leftovers_change *change, int fd);

/* Undoes one that is not a process: removes it, or takes it back. */
void leftovers_undo(const struct leftover *left);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run must not leave behind, as a list; undo.c and run_guard.c each keep a copy. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct leftover {
	pid_t pid;  /* of a process, and of its group; 0: not a process, or one that has ended */
	int pidfd;  /* the guard's, which is not its parent; -1: none */
	char *path; /* NULL: it is a process */
	bool shared;
	mode_t mode; /* of what is shared */
};

struct leftovers {
	struct leftover *items;
	size_t n;
};

/* A change of the list; the first three add to it. */
enum leftovers_change_kind {
	LEFTOVERS_PATH,
	LEFTOVERS_PROCESS,
	LEFTOVERS_SHARED, /* a folder that is to be opened again, shared.h */
	LEFTOVERS_FORGET, /* the process has ended */
	LEFTOVERS_DROP,	  /* the last of the list was undone */
};

struct leftovers_change {
	enum leftovers_change_kind kind;
	pid_t pid;
	mode_t mode;	     /* of what is shared */
	char path[PATH_MAX]; /* sent as long as it is */
};

/* Changes the list. */
void leftovers_apply(struct leftovers *list, const struct leftovers_change *change);

/* Undoes one that is not a process: removes it, or opens it again. */
void leftovers_undo(const struct leftover *left);

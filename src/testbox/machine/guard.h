/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guard's side of undo.h: the list itself, and the process that keeps a copy of it. */
#ifndef TESTBOX_GUARD_H
#define TESTBOX_GUARD_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum guard_kind {
	GUARD_PATH,
	GUARD_PROCESS,
	GUARD_SHARED, /* a folder that is to be opened again, shared.h */
	GUARD_FORGET, /* the process has ended */
	GUARD_DROP,   /* the last of the list was taken back */
};

struct guard_message {
	enum guard_kind kind;
	pid_t pid;
	mode_t mode;	     /* of what is shared */
	char path[PATH_MAX]; /* sent as long as it is */
};

struct leftover {
	pid_t pid;  /* of a process, and of its group; 0: it is none, or has ended */
	int pidfd;  /* the guard's, which is not its parent; -1: none */
	char *path; /* NULL: it is a process */
	bool shared;
	mode_t mode; /* of what is shared */
};

struct leftovers {
	struct leftover *items;
	size_t n;
};

void leftovers_add(struct leftovers *list, const struct guard_message *message);
void leftovers_forget(struct leftovers *list, pid_t pid);
void leftovers_drop(struct leftovers *list);

/* Takes back one that is no process: removes it, or opens it again. */
void leftover_undo(const struct leftover *left);

/* What the guard does until the socket's other end is gone, and then. */
_Noreturn void guard_keep(int socket);

#endif

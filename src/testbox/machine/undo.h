/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must not stay behind: processes and files, registered before or as they come to be, and
 * taken back in reverse order, after success as after failure.
 *
 * A guard, a process of its own that no terminal and no ordinary signal ends, has the same list.
 * When the launcher goes away without having taken things back (SIGKILL), the guard does it; it
 * also holds the launcher's lock until then. undo_guard_fd() shows that the guard was killed.
 */
#pragma once

#include "src/common/program.h"
#include "src/testbox/machine/shared.h"

struct undo;

/* Starts the guard, before there are threads. */
int undo_begin(struct undo **ret, struct failure *f);

/* A file, or a folder and all that will be in it. Before it is made. */
int undo_path(struct undo *undo, const char *path, struct failure *f);
/* A folder that is lent to a machine: shared_take_back(). Before shared_lend(). Copies `fd`. */
int undo_shared(struct undo *undo, const char *dir, int fd, const struct shared *shared,
		struct failure *f);
/* Starts a program whose process group is on the list before it does anything; the list reaps it.
 */
int undo_start(struct undo *undo, struct program *program, pid_t *ret, struct failure *f);
/* A child that has ended and was reaped by somebody else. */
void undo_forget_process(struct undo *undo, pid_t pid);

/* How much is on the list; what undo_back() is given to take back all that came later. */
size_t undo_mark(const struct undo *undo);
void undo_back(struct undo *undo, size_t mark);

/* For poll(2): it hangs up when the guard is gone. */
int undo_guard_fd(const struct undo *undo);

/* Takes back all of it and ends the guard. */
void undo_end(struct undo *undo);

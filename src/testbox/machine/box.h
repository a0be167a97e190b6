/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folder of a testbox, STATE/NAME, which nobody else enters, and the lock on its name: who
 * holds it is the only launcher of that name. In it are `lock`, `console.log`, `qemu.log`, the
 * disks that are kept, and `run/`, which goes with the run.
 */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/machine/undo.h"

#include <stdbool.h>

struct box {
	char *name;
	char *dir; /* absolute, without links */
	char *run; /* DIR/run */
	int lock;  /* the launcher's and the guard's; children do not get it */
	struct undo *undo;
};

/* Where all folders are: $TESTBOX_STATE, /var/lib/testbox for root,
 * $XDG_STATE_HOME/testbox, ~/.local/state/testbox. */
char *box_state_dir(void);

/*
 * Takes the name and starts the guard. What an earlier launcher left in run/ is removed. -EBUSY:
 * another launcher has the name; -EINVAL: no name for a testbox.
 */
int box_open(struct box *box, const char *name, struct failure *f);
void box_close(struct box *box);

/* What it is doing, for box_status() and people: "waiting for memory". */
void box_say(const struct box *box, const char *doing);

/* A name that is held: by whom, since when, and what it does; `doing` is owned. */
struct box_status {
	pid_t pid;
	unsigned long long started; /* when that process did, in ticks since the host's boot */
	unsigned seconds;
	char *doing;
};

/* Is the name held? -ESRCH: no; -EACCES: it is another user's. */
int box_status(const char *name, struct box_status *ret, struct failure *f);
void box_status_done(struct box_status *status);
/*
 * A pidfd (pidfd_open(2)) of the launcher; -1 where it is gone and only its guard holds the name:
 * another process may have its number then.
 */
int box_launcher(const struct box_status *status);

/*
 * All names that are held, and those of other users' testboxes, for which box_status() gives
 * -EACCES; *ret is a list (mem.h), and the caller's. -EACCES: all are another user's.
 */
int box_names(char ***ret, struct failure *f);

/*
 * Connects to a socket in the box's run/, or listens on a new one; paths of any length. Gives a
 * descriptor or -errno.
 */
int box_connect(const char *name, const char *socket);
int box_listen(const struct box *box, const char *socket);

/* What is in the state folder beside those of the testboxes, none of which has such a name. */
#define BOX_CACHE  "cache"
#define BOX_KVM	   "kvm"
#define BOX_MEMORY ".memory.lock"

#define BOX_CONSOLE "console" /* the socket of those who watch the console */

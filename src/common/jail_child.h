/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happens in the child of a jail; jail.h says what that is. */
#pragma once

#include "src/common/jail.h"

#include <sys/types.h>

#define JAIL_CPU_S	60
#define JAIL_ANSWER_MAX (64 * 1024)
#define JAIL_TEXT_MAX	4096			   /* of what a failure says, and of its hint */
#define JAIL_TAIL_MAX	(2 * JAIL_TEXT_MAX + 4096) /* what comes behind the answer, and more */
#define JAIL_NO_MEMORY	71			   /* as mem.c has it */
#define JAIL_FAILED	113 /* the exit status where a tail says why there was no program */

/* Behind a function's answer, and behind its failure's two texts. */
struct jail_tail {
	int result;
	unsigned what, hint; /* the lengths of the texts */
};

/* Goes into the jail, works, writes answer and tail to `pipe`, and exits. */
void jail_child(const struct jail *jail, int pipe, pid_t parent) __attribute__((noreturn));

/*
 * What can be done for a process that goes on by itself: the user JAIL_ID if it is root, no
 * capability but those of `keep` (bits by their number), none to be had again, no core dump. Gives
 * 0 or -errno.
 */
int jail_drop(uint64_t keep);

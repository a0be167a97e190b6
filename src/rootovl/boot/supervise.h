/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Assembles the root in a child process, which may crash, or hang in a mount of a dead server. The
 * parent makes sure that a failed boot still ends as configured.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"

/*
 * Runs work(arg) in a child, which exits with what it returns. Returns 0 where that is 0, and 1
 * with no failure in *f where it is 1: the caller knows then what failed. A child that is killed by
 * a signal, or whose lower's server is silent for `silent_s` seconds, or SIGTERM to this process,
 * is a failure: the child is ended, and -errno returned. Whatever failed, undo_boot() follows.
 * Where the console got no line for ten seconds, it gets one of what `progress` says (NULL:
 * none).
 */
int supervise(int (*work)(void *arg), void *arg, unsigned silent_s,
	      const struct boot_progress *progress, struct failure *f);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who assembles the root is a process of its own, for it may hang in a mount whose server died, or
 * crash; its parent sees to it that a failed boot ends as it should all the same.
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

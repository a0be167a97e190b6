/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user network of a machine, in a process of its own outside of QEMU. It is QEMU's own user
 * network (libslirp, with the same addresses) behind a fence: frames to what the machine may not
 * reach are dropped. QEMU hands over the frames by a stream socket, each behind its length.
 */
#pragma once

#include "src/testbox/plan/reach_rule.h"

#define FENCE_WORD "--user-network" /* how the program is called to be this process */

/*
 * The process: `words` are the number of the socket's descriptor and the rules, and NULL. It gives
 * up all rights first. It ends when the socket's other end is closed. Returns its exit status.
 */
int fence_main(char *const *words);

/*
 * Serves one machine by its socket until that is closed. Standard error gets a line for each of
 * the first servers that were not reached. Returns 0 or -errno.
 */
int fence_serve(int socket, const struct reach_rules *rules);

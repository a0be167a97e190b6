/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signs of life to the scheduler, also while a job runs: from a process of its own, which ends with
 * the one that started it.
 */
#pragma once

#include "src/testbox/scheduler/scheduler.h"

#include <sys/types.h>

#define HEARTBEAT_S 30 /* Compass-CI forgets who has said nothing for 60 s */

/* Starts it, one sign each `seconds` (0: HEARTBEAT_S). Gives the process, or -1: there are none. */
pid_t heartbeat_start(const struct scheduler *scheduler, unsigned seconds);
void heartbeat_stop(pid_t pid);

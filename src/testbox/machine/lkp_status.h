/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a job of LKP went, from what its run-lkp leaves in the folder of results: LKP ends a virtual
 * machine by sysrq, so that nothing writes an exit status. The files are the machine's, and are
 * not trusted.
 */
#pragma once

#include <time.h>

/*
 * Looks at what was written in the folder of a descriptor after `since` (of CLOCK_REALTIME_COARSE):
 * the rest is of an earlier job. Returns the job's exit status: 0; the one in last_state, else 1,
 * for a job that failed. -1: the job did not come to its end, or is none of LKP's.
 */
int lkp_status(int dir, struct timespec since);

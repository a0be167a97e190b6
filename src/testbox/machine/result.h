/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the launcher adds to a machine's initrds, and the folder of results: shared into the
 * machine, mounted there at /lkp/result by a unit that comes with a small initrd, and asked
 * afterwards for the job's exit status. What the machine wrote into it is not trusted.
 */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/plan/host.h"

#define RESULT_EXIT "exit-status" /* the file in it: a number, written by the job or for it */

/*
 * Removes what an earlier job said, and writes `initrd` and our own archive behind it to `output`;
 * `initrd` may be NULL. `dir` is the folder's descriptor; -1: there are no results, the archive
 * lets the job's output reach the console, and that is all.
 */
int result_prepare(int dir, enum host_share share, const char *initrd, const char *output,
		   struct failure *f);

/* The job's exit status, 0 to 255; -1: there is none. */
int result_status(int dir);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a testbox tells a scheduler, in Compass-CI's words (its providers/qemu.rb and
 * src/scheduler/). */
#pragma once

#include "src/testbox/scheduler/scheduler.h"

/*
 * Tells the name and the MAC, and the queues. A scheduler that has no such service (404, 405, 501:
 * a folder of scripts, for example) is fine. A file: has none.
 */
int scheduler_register(const struct scheduler *scheduler, const volatile sig_atomic_t *stop,
		       struct failure *f);
void scheduler_leave(const struct scheduler *scheduler);

/*
 * Says that the testbox is still there, as Compass-CI wants to hear twice a minute; where the
 * scheduler has forgotten it, registers it again. Gives 0; -ENOTSUP where the scheduler
 * does not ask for such signs (404, 405, 501); or a failure.
 */
int scheduler_beat(const struct scheduler *scheduler, struct failure *f);

/*
 * Sends a job's log to where results are kept: SERVER + the job's result_root + "/dmesg", with the
 * job's number in the cookie JOBID, which Compass-CI's server wants. Nothing is sent of a job whose
 * script tells no result_root or no number. Once *stop is not 0, it is given up; where it was not 0
 * before, after 20 seconds.
 */
int scheduler_send_log(const struct scheduler *scheduler, const char *server,
		       const struct boot_script *script, const char *log,
		       const volatile sig_atomic_t *stop, struct failure *f);

/* Tells how a job ended; `status` as in struct run_result, `reason` may be NULL. */
int scheduler_report(const struct scheduler *scheduler, const char *job_id, const char *state,
		     int status, const char *reason, struct failure *f);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a job file asks of its machine, in the keys of LKP and Compass-CI. Pure. */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/plan/boot_script.h"

#include <stdio.h>

struct job_wants {
	char *result_root; /* NULL: unsaid */
	struct machine_wishes wishes;
	/*
	 * Lines that give the job's lists of partitions the names that the machine's disks have, as
	 * LKP's lkp-exec/qemu does; NULL: nothing is to be renamed.
	 */
	char *exports;
};

/*
 * Reads nr_cpu, memory, cpu_minimum, memory_minimum (GB without a unit), result_root and the keys
 * of disk_keys.h. The caller releases *ret by job_wants_done(), after a failure too. Gives 0 or
 * -EINVAL; the failure names the line.
 */
int job_wants_read(const char *yaml, struct job_wants *ret, struct failure *f);

/* Writes what was read, as the answer of a jail, and reads that: -EPROTO if it is something else.
 */
void job_wants_put(FILE *out, const struct job_wants *wants);
int job_wants_take(const char *data, size_t len, struct job_wants *ret, struct failure *f);
void job_wants_done(struct job_wants *wants);

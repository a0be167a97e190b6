/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `initrd-builder job`: the initrd that brings a job, as LKP's testboxes expect it in /lkp. */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>

struct job {
	const char *yaml;    /* the file */
	const char *script;  /* the file of job.sh; NULL: it is made */
	const char *lkp_src; /* LKP's sources, for /lkp/lkp/src; NULL: none */
	const char *exports; /* lines that export_top_env gets at its end; NULL: none */
	bool service;	     /* add lkp-bootstrap.service, which LKP's sources would bring */
};

/*
 * Makes /lkp/scheduled/job.yaml and job.sh, and /lkp/lkp/src without its .git. A script that is
 * made is of LKP's sbin/job2sh. Where this is not to be had, *ret_missing says why (static, else
 * NULL), and the script cannot run the job: job_script(). The service runs job.sh once and then
 * reboots the machine. Returns 0 or -errno.
 */
int job_pack(const struct job *job, const char *output, const char **ret_missing,
	     struct failure *f);

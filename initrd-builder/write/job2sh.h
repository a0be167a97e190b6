/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LKP's own program that makes the script of a job: sbin/job2sh of its sources. */
#pragma once

#include "src/common/failure.h"

/*
 * Runs sbin/job2sh of `lkp_src` (NULL: there are no sources) on the file `yaml`. Gives 0 with the
 * script in *ret, which is the caller's; or 0 with NULL there, and *ret_missing says what is not
 * there (static); or -errno: the program is there and refuses the job.
 */
int job2sh(const char *lkp_src, const char *yaml, char **ret, const char **ret_missing,
	   struct failure *f);

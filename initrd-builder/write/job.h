/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `initrd-builder job`: the initrd that brings a job, as LKP's testboxes expect it in /lkp. */
#pragma once

#include "src/common/failure.h"

/*
 * Puts job.yaml, job.sh, and LKP's sources if `lkp_src` is not NULL, into an initrd at `output`.
 * Without a `script` (NULL) one is made of the YAML, see job_script(). Gives 0 or -errno.
 */
int job_pack(const char *yaml, const char *script, const char *lkp_src, const char *output,
	     struct failure *f);

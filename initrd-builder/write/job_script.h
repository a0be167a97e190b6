/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"

/*
 * The job script of a YAML text, as LKP makes it: its function export_top_env exports what stands
 * at the top of the YAML under a name that a shell variable can have: scalars, and lists of scalars
 * with a newline between them; what is null is empty. Quoted so that the shell sees the value as it
 * is. Its run_job cannot run programs as LKP's own can: it says that `missing` is the reason (a
 * text without quotes), and fails in the way that LKP's run-lkp sees. The result is the caller's.
 * Gives 0 or -EINVAL.
 */
int job_script(const char *yaml, const char *missing, char **ret, struct failure *f);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks that the job can start in the new root. Each obstacle becomes a warning. */
#pragma once

#include "src/rootovl/newroot/newroot.h"

/* Returns a warning if a program of this unit is missing, else NULL. The caller frees it. */
char *job_check_unit(struct newroot *nr, const char *unit);

/*
 * Returns a warning if the job (a path) is missing, or job.sh beside it is not executable, else
 * NULL.
 */
char *job_check_files(struct newroot *nr, const char *job);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Will the job be started in the new root? What keeps it from that is a warning. */
#pragma once

#include "src/rootovl/newroot/newroot.h"

/* A warning where a program of this unit is not there; NULL: all is well. The caller frees it. */
char *job_check_unit(struct newroot *nr, const char *unit);

/* The same where the job, a path, is not there, or where job.sh beside it cannot be run. */
char *job_check_files(struct newroot *nr, const char *job);

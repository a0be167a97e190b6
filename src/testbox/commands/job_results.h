/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the results of `testbox job` are, where no --result says so. */
#pragma once

#include "src/common/failure.h"

/*
 * Makes the folder and gives its path, which is the caller's. `box` is the testbox's folder.
 * Without a result_root (NULL) it is BOX/result, made empty; else it is counted as LKP does:
 * BOX/results and the path of the job's result_root, its last part the first number that is free.
 * -EINVAL: a path that leads out.
 */
int job_results_make(const char *box, const char *result_root, char **ret, struct failure *f);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `initrd-builder build --slurm`: the builds of many roots as one array job of Slurm, a task a root
 * (sbatch(1), --array, --wait). The nodes see the roots, the current directory and this program
 * under the same paths. A task's words are in initrd-builder-JOB_TASK.out in the current directory
 * until it has succeeded; their last line is its exit status, for only clusters that keep accounts
 * could tell it.
 */
#pragma once

#include "src/common/failure.h"

/*
 * Submits the job and waits for its end; shows what the tasks said. `words` are the options of
 * `build` that each task gets; both lists end with NULL. When a signal comes the job is cancelled.
 * `failed` is called for each task that failed, with the exit status of its `build`; 1 where it was
 * ended or never ran. Gives 0 or -errno.
 */
int slurm_build(char *const *roots, char *const *words,
		void (*failed)(void *arg, int status, const struct failure *f), void *arg,
		struct failure *f);

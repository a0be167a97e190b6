/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Restores files that a boot creates for its own network, disks and parameters. In a kept upper,
 * the next boot would treat these files as the root's own. For example, it would keep the host name
 * of an old lease. So each boot records the old files beside the layers of the upper, and the next
 * boot restores them. A file that changed since then belongs to the job, and stays.
 */
#pragma once

#include "src/common/failure.h"

struct newroot;

/*
 * Each returns 0 or -errno. Call them in this order: restore the files of the last boot; record the
 * files before this boot changes them; record the files that this boot wrote.
 */
int kept_files_restore(struct newroot *nr, struct failure *f);
int kept_files_before(struct newroot *nr, struct failure *f);
int kept_files_after(struct newroot *nr, struct failure *f);

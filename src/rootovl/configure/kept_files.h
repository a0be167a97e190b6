/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that each boot makes for its own network, disks and parameters. In an upper that is kept,
 * the next boot would take those of this boot for the root's own: it would keep a host name of an
 * old lease, and mounts that were put out of action would stay so with rootovl.fstab=keep. So they
 * are noted beside the upper's layers, and put back as they were when the upper is used again. A
 * file that was changed meanwhile belongs to the job, and is left as it is.
 */
#pragma once

#include "src/common/failure.h"

struct newroot;

/*
 * Each gives 0 or -errno. They come in this order: put back what the last boot made; note what is
 * there before this one makes its own; note what it made.
 */
int kept_files_restore(struct newroot *nr, struct failure *f);
int kept_files_before(struct newroot *nr, struct failure *f);
int kept_files_after(struct newroot *nr, struct failure *f);

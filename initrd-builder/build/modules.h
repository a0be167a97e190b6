/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's modules in the staging directory, so that no program that runs as root meets what the
 * root's owner wrote: depmod's files there are made here, of the copies.
 *
 * Copied are regular files and directories. A link is followed inside the root, and what it leads
 * to is copied where that is one more module; any other is left out.
 */
#pragma once

#include "initrd-builder/build/staging.h"
#include "initrd-builder/root/rootfs.h"
#include "src/common/program.h"

#include <stdbool.h>

/*
 * Makes STAGING/all/usr/lib/modules/<version>. `ret` gets the paths of the modules below it, which
 * are the caller's. What depmod says goes to `log_fd`.
 */
int modules_stage(const struct staging *staging, const struct rootfs *root, const char *version,
		  int log_fd, const struct program_watch *watch, char ***ret, struct failure *f);

/* That directory; the caller's. */
char *modules_path(const struct staging *staging, const char *version);

/* Runs depmod on the modules of a kernel in STAGING/TREE/usr/lib/modules. */
int modules_depmod(const struct staging *staging, const char *tree, const char *version, int log_fd,
		   const struct program_watch *watch, struct failure *f);

/* The length of the name of a module's file without its ending; 0: it is none's. */
size_t modules_name_length(const char *name);

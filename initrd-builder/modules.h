/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's modules and firmware in the staging directory, so that no program that runs as root
 * meets what the root's owner wrote: depmod's files there are made here, of the copies.
 *
 * Copied are regular files and directories. A link is followed inside the root, and what it leads
 * to is copied where that is one more module (or firmware); any other is left out.
 */
#ifndef BUILDER_MODULES_H
#define BUILDER_MODULES_H

#include "common/program.h"
#include "rootfs.h"
#include "staging.h"

#include <stdbool.h>

/*
 * Makes STAGING/lib/modules/<version>, and STAGING/lib/firmware of what the drivers of wired
 * network cards and USB ask for. What depmod says goes to `log_fd`.
 */
int modules_stage(const struct staging *staging, const struct rootfs *root, const char *version,
		  int log_fd, const struct program_watch *watch, struct failure *f);

/* The directory of the modules in the staging directory; owned by the caller. */
char *modules_path(const struct staging *staging, const char *version);

/* May a module ask for this firmware? Not for what lies, or may lie, outside of lib/firmware. */
bool firmware_is_inside(const char *name);

#endif

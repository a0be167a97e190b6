/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * modules-<kver>.cgz: all modules of a kernel as a cpio archive in gzip, which is appended to an
 * initramfs where the root lacks them.
 *
 * The entries are below usr/lib/modules, and there is none for `lib`: an initramfs of a merged-usr
 * system has a link there, and a later archive that brings a real directory destroys it
 * (clean_path() in the kernel's init/initramfs.c). The same tree gives the same bytes: sorted,
 * owner 0, times no later than SOURCE_DATE_EPOCH.
 */
#ifndef BUILDER_CGZ_H
#define BUILDER_CGZ_H

#include "common/failure.h"

/* Writes the archive of all in the directory `modules`, see modules.h, to `fd`. */
int cgz_write(int fd, const char *modules, const char *version, struct failure *f);

#endif

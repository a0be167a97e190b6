/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a cgz: a cpio archive ("newc") in gzip, which every kernel unpacks. The same input gives
 * the same bytes: names sorted, times no later than SOURCE_DATE_EPOCH, inodes numbered anew.
 */
#pragma once

#include "src/common/failure.h"

#include <stddef.h>
#include <sys/types.h>

enum cgz_kind {
	CGZ_MODULES, /* files and directories alone; all belongs to root */
	CGZ_PAYLOAD, /* links, devices and pipes too; all belongs to root */
	CGZ_ROOT,    /* with its owners; what is mounted in it is left out */
};

struct cgz;

/* To an open file, which must outlive it; it is itself left out of what is packed. */
struct cgz *cgz_new(int fd, enum cgz_kind kind, struct failure *f);
void cgz_free(struct cgz *cgz);

static inline void cgz_free_p(struct cgz **cgz)
{
	cgz_free(*cgz);
}
#define auto_cgz __attribute__((cleanup(cgz_free_p)))

/* These give 0 or -errno, -EINTR after a signal (interrupt.h). Paths have no slash in front. */

/* Every directory of `path`, 0755, but those that it was given before. */
int cgz_add_dirs(struct cgz *cgz, const char *path);
/* What stands under `name` in a directory, as `path`; of a directory, all that is in it. */
int cgz_add(struct cgz *cgz, int dir_fd, const char *name, const char *path);
/* All that is in an open directory, below `path`, "" for the top. */
int cgz_add_below(struct cgz *cgz, int fd, const char *path);
/* A file of these bytes. */
int cgz_add_bytes(struct cgz *cgz, const char *path, mode_t mode, const char *data, size_t n);

/* Leaves out what would get this path, which must outlive it; the last one that was given. */
void cgz_leave_out(struct cgz *cgz, const char *path);

/* The end of the archive, without which it is none. */
int cgz_end(struct cgz *cgz);

/*
 * modules-<kver>.cgz: all in the directory `modules`, see modules.h, to `fd`, to be appended to an
 * initramfs where the root lacks them. The entries are below usr/lib/modules, and there is none for
 * `lib`: an initramfs of a merged-usr system has a link there, and a later archive that brings a
 * real directory destroys it (clean_path() in the kernel's init/initramfs.c).
 */
int cgz_write(int fd, const char *modules, const char *version, struct failure *f);

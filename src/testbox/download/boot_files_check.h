/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must be seen of a file before a machine is started with it. */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/plan/host.h"
#include "src/testbox/plan/line_check.h"

#include <signal.h>

/* Is it a kernel that a machine starts? Looks at the open file from its beginning. */
int boot_files_check_kernel(int fd, const char *shown, struct failure *f);

/*
 * The same for all initrds, in their order, and for the kernel line that they boot with. `*ret_bad`
 * is the index of the one it is about; `n`: each is right, and they lack what the line asks for.
 * *ret_image says what they are. `rootfs` is the root that they will boot, by its
 * name and its descriptor, or NULL: what of the job will not be started there is a warning. They
 * are looked at in a jail, which ends with -EINTR once *stop is not 0 (it may be NULL).
 */
int boot_files_check_initrds(const int *fds, char *const *shown, size_t n, const char *args,
			     const char *rootfs, int rootfs_fd, const volatile sig_atomic_t *stop,
			     size_t *ret_bad, struct line_image *ret_image, struct failure *f);

/* Which machines does the kernel in this file start on? False: its beginning does not say. */
bool boot_files_check_arch(const char *path, enum host_arch *ret);

/*
 * The version of a kernel for x86 ("6.1.0-18-amd64"), which its setup header leads to; NULL: the
 * file does not say. Owned.
 */
char *boot_files_check_version(const char *path);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that a script names, fetched, looked at and made ready for the machine. */
#ifndef TESTBOX_BOOT_FILES_H
#define TESTBOX_BOOT_FILES_H

#include "src/testbox/download/download.h"
#include "src/testbox/plan/boot_script.h"
#include "src/testbox/plan/host.h"

/*
 * Fetches kernel and initrds, checks them, and writes DIR/kernel and DIR/initrd: the initrds one
 * behind the other, each at a multiple of 4, as boot loaders put them and the kernel needs
 * uncompressed ones (Documentation/driver-api/early-userspace/buffer-format.rst). What fails the
 * check leaves the cache. Gives 0, -EINTR once *stop is not 0, or another failure, and leaves no
 * file in DIR then. For a script that ends in BOOT_SCRIPT_BOOT only.
 */
int boot_files_get(const struct boot_script *script, const char *dir,
		   const struct download_options *options, const volatile sig_atomic_t *stop,
		   struct boot_files *ret, struct failure *f);

/* Removes the files. */
void boot_files_done(struct boot_files *files);

/* Is it a kernel that a machine starts? Looks at the open file from its beginning. */
int boot_files_check_kernel(int fd, const char *shown, struct failure *f);

/*
 * The same for all initrds, in their order, and for the kernel line that they boot with. `*ret_bad`
 * is the index of the one it is about; `n`: each is right, and they lack what the line asks for.
 */
int boot_files_check_initrds(const int *fds, char *const *shown, size_t n, const char *args,
			     size_t *ret_bad, struct failure *f);

/* Which machines does the kernel in this file start on? False: its beginning does not say. */
bool boot_files_kernel_arch(const char *path, enum host_arch *ret);

#endif

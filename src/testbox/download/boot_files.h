/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that a script names, fetched, looked at and made ready for the machine. */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/download/download.h"
#include "src/testbox/plan/boot_script.h"
#include "src/testbox/plan/line_check.h"

/* The files of a script on this host; they stay until boot_files_done(). */
struct boot_files {
	char *kernel;
	char *initrd; /* all initrds in one, in their order; NULL: there are none */
	struct line_image image;
};

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

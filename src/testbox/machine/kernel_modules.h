/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules of a kernel that is not of the root: an archive with lib/modules/KVER, as LKP's
 * modules.cgz. The archive is not trusted.
 */
#pragma once

#include "src/common/failure.h"

#include <signal.h>
#include <stdbool.h>

struct kernel_modules {
	char *version;	   /* KVER */
	char **names;	   /* of the modules, and of what is built in: "virtio_blk" */
	bool builtin;	   /* it has modules.builtin */
	bool dependencies; /* it has modules.dep.bin, which depmod makes */
};

/*
 * Reads an archive, in a jail (jail.h), and writes what is in its lib/modules to `output`, as an
 * archive with usr/lib/modules: an image has a link /lib, which a directory of this name would take
 * away. The caller releases *ret, after a failure too. -EINTR once *stop is not 0.
 */
int kernel_modules_read(const char *archive, const char *output, const volatile sig_atomic_t *stop,
			struct kernel_modules *ret, struct failure *f);
void kernel_modules_done(struct kernel_modules *modules);

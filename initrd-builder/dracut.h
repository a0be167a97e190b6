/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running dracut (059 to 110) with our module and our profile, beside those it has. */
#ifndef BUILDER_DRACUT_H
#define BUILDER_DRACUT_H

#include "kernels.h"
#include "places.h"
#include "staging.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Starts dracut on the image of one kernel whose modules are staged, which it leaves in the staging
 * directory under DRACUT_IMAGE; `live`: with what fetches images over HTTP; what it says goes to
 * `log_fd`. Wait for it by program_wait().
 */
int dracut_start(const struct staging *staging, const struct places *places,
		 const struct kernel *kernel, bool live, int log_fd, pid_t *ret, struct failure *f);

#define DRACUT_IMAGE "image"

/*
 * Is everything in the image, `live` as above, that a boot cannot do without? dracut leaves a
 * module out whose needs are not met, says so among much else, and calls it a success.
 * `ret_network`: has it, or has the kernel built in, a network file system?
 */
int dracut_check_image(const struct staging *staging, const struct kernel *kernel, bool live,
		       bool *ret_network, struct failure *f);

#endif

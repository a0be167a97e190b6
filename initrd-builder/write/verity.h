/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hash tree of dm-verity behind an image (verity_image.h), by veritysetup(8). */
#pragma once

#include "initrd-builder/base/progress.h"
#include "src/common/failure.h"
#include "src/common/verity_image.h"

/*
 * Writes the tree of the image, which is open for reading and writing as `fd`, behind it. Gives 0
 * and the root hash in `ret`, in hexadecimal digits, or -errno.
 */
int verity_append(int fd, struct progress *step, char ret[2 * VERITY_DIGEST + 1],
		  struct failure *f);

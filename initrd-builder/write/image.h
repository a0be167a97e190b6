/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `initrd-builder image`: a root as one file, that a lower can be mounted from. */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>

/*
 * Makes an image of the root `path` at `output` and shows its progress: by mkfs.erofs(1) where the
 * name ends with .erofs, by mksquashfs(1) where it ends with .squashfs. What is there already stays
 * until the new one is whole. `verity`: with a hash tree behind it (verity_image.h), and the
 * kernel's parameter with its root hash is printed on standard output. Gives 0 or -errno: -EINVAL
 * for another ending.
 */
int image_make(const char *path, const char *output, bool verity, struct failure *f);

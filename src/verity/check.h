/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is this an image with a hash tree, and the one of this root hash? */
#pragma once

#include "src/common/failure.h"
#include "src/common/verity_image.h"

#include <libcryptsetup.h>

/*
 * Reads the superblock and the topmost block of the tree of the image on this device or file. What
 * lies in it is refused, by one failure of its own for each lie; the blocks below are the kernel's
 * to check, as they are read. Gives 0 and what can be activated, which is the caller's
 * (crypt_free()), or -errno. A failure does not name the device.
 */
int check_image(const char *device, const unsigned char root[VERITY_DIGEST],
		struct crypt_device **ret, struct failure *f);

static inline void check_free(struct crypt_device **device)
{
	crypt_free(*device);
}

#define auto_crypt __attribute__((cleanup(check_free)))

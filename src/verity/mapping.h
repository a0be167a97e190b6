/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device of dm-verity that the root is read from, VERITY_DEVICE. */
#pragma once

#include "src/common/failure.h"
#include "src/common/verity_image.h"

#include <stdbool.h>

/*
 * Makes it of the image on `device`, if that is the one of the root hash, and reads its first
 * block through it. `signature`: a file with the signature of the root hash, which the kernel's
 * keyring must have the key of; NULL: none. Gives 0, or -errno with no device left.
 */
int mapping_open(const char *device, const unsigned char root[VERITY_DIGEST], const char *signature,
		 struct failure *f);

/* Removes it, at once or when its last user ends. One that is not there is fine. */
int mapping_close(struct failure *f);

/* Has the kernel met a block that does not match? */
bool mapping_is_corrupted(void);

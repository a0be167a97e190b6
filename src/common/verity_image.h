/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image with a hash tree of dm-verity: the file system, then the superblock of the tree, then
 * the tree. The root hash covers the data and the salt, and nothing else of the superblock. So
 * every other value is fixed here, and the salt says how many blocks of data there are: a
 * superblock that lies has another salt, or is refused.
 */
#pragma once

#include <stdint.h>

#define VERITY_ALGORITHM "sha256"
#define VERITY_DIGEST	 32
#define VERITY_BLOCK	 4096 /* bytes, of data and of hashes */
#define VERITY_TYPE	 1    /* the salt stands before the block */

#define VERITY_NAME   "rootovl-root" /* of the device */
#define VERITY_DEVICE "/dev/mapper/" VERITY_NAME

/* The exit status of `rootovl-verity status` where a block differed. */
#define VERITY_CORRUPTED 3

/* The salt: zero bytes, then the number of data blocks in little-endian order. */
#define VERITY_SALT 32

/*
 * Finds the end of the file system on this file or device, in bytes. The end is a multiple of
 * VERITY_BLOCK, and the hash tree begins there. The author of the image chose every value, so none
 * is trusted. Returns 0, -EINVAL if it is neither erofs nor squashfs, -EFBIG if it is larger than
 * an image can be, or -errno.
 */
int verity_image_data(int fd, uint64_t *ret);

/* Returns where the hash tree ends, in bytes. `data` is the result of verity_image_data(). */
uint64_t verity_image_end(uint64_t data);

/* Writes the salt for this many bytes of data. */
void verity_image_salt(uint64_t data, unsigned char salt[VERITY_SALT]);

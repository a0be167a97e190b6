// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/verity_image.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define HASHES	 (VERITY_BLOCK / VERITY_DIGEST) /* in a block */
#define DATA_MAX (UINT64_C(1) << 50)

/* Where both have their superblocks, by fs/erofs/erofs_fs.h and fs/squashfs/squashfs_fs.h. */
#define EROFS_AT       1024
#define EROFS_MAGIC    0xe0f5e1e2
#define SQUASHFS_MAGIC 0x73717368

static uint32_t get32(const unsigned char *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return le32toh(value);
}

static uint64_t get64(const unsigned char *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return le64toh(value);
}

int verity_image_data(int fd, uint64_t *ret)
{
	unsigned char head[EROFS_AT + 128];
	const unsigned char *erofs = head + EROFS_AT;
	ssize_t n = pread(fd, head, sizeof(head), 0);
	uint64_t size = 0;

	if (n < 0)
		return -errno;
	if (n < (ssize_t)sizeof(head))
		return -EINVAL;
	if (get32(head) == SQUASHFS_MAGIC)
		size = get64(head + 40);
	else if (get32(erofs) == EROFS_MAGIC && erofs[12] >= 9 && erofs[12] <= 16)
		size = (uint64_t)get32(erofs + 36) << erofs[12];
	else
		return -EINVAL;
	if (size > DATA_MAX)
		return -EFBIG;
	/* One block would have no tree: its hash would be the root's. */
	if (size <= VERITY_BLOCK)
		return -EINVAL;
	*ret = (size + VERITY_BLOCK - 1) / VERITY_BLOCK * VERITY_BLOCK;
	return 0;
}

uint64_t verity_image_end(uint64_t data)
{
	uint64_t blocks = data / VERITY_BLOCK, all = blocks + 1;

	while (blocks > 1) {
		blocks = (blocks + HASHES - 1) / HASHES;
		all += blocks;
	}
	return all * VERITY_BLOCK;
}

void verity_image_salt(uint64_t data, unsigned char salt[VERITY_SALT])
{
	uint64_t blocks = htole64(data / VERITY_BLOCK);

	memset(salt, 0, VERITY_SALT);
	memcpy(salt + VERITY_SALT - sizeof(blocks), &blocks, sizeof(blocks));
}

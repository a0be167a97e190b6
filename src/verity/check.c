// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/verity/check.h"

#include "src/common/macro.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

#define MAKE "make it by `initrd-builder image --verity`"

/* Gives where the file system ends and the tree begins. */
static int check_size(int fd, uint64_t *ret, struct failure *f)
{
	off_t end = lseek(fd, 0, SEEK_END);
	uint64_t size = end < 0 ? 0 : (uint64_t)end, whole;
	int r = end < 0 ? -errno : verity_image_data(fd, ret);

	if (r == -EINVAL || r == -EFBIG)
		return fail(f, EINVAL, MAKE, "no erofs and no squashfs on it that has a hash tree");
	if (r < 0)
		return fail_errno(f, -r, NULL, "reading it");
	if (size <= *ret)
		return fail(f, EINVAL, MAKE, "no hash tree behind its file system");
	whole = verity_image_end(*ret);
	if (size < whole)
		return fail(f, EINVAL, "was it copied whole?",
			    "its hash tree is cut off: %" PRIu64 " of %" PRIu64 " bytes are there",
			    size, whole);
	return 0;
}

/* The root hash covers the data and the salt; the other values are compared with what they must be.
 */
static int check_values(struct crypt_device *cd, uint64_t data, struct failure *f)
{
	unsigned char salt[VERITY_SALT];
	struct crypt_params_verity info = { 0 };
	int r = crypt_get_verity_info(cd, &info);

	if (r < 0)
		return fail_errno(f, -r, MAKE, "the superblock of its hash tree");
	verity_image_salt(data, salt);
	const struct {
		bool right;
		const char *what;
	} rows[] = {
		{ info.hash_name && !strcmp(info.hash_name, VERITY_ALGORITHM), "hash algorithm" },
		{ info.hash_type == VERITY_TYPE, "type" },
		{ info.data_block_size == VERITY_BLOCK && info.hash_block_size == VERITY_BLOCK,
		  "size of blocks" },
		{ info.data_size == data / VERITY_BLOCK, "number of blocks" },
		{ info.salt_size == VERITY_SALT && !memcmp(info.salt, salt, VERITY_SALT), "salt" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!rows[i].right)
			return fail(f, EINVAL, MAKE,
				    "the superblock of its hash tree has another %s than an image "
				    "of its size",
				    rows[i].what);
	return 0;
}

/*
 * The kernel does the same when it first reads. Here it tells an image of another root hash from
 * one of which a block was changed.
 */
static int check_root(int fd, uint64_t data, const unsigned char root[VERITY_DIGEST],
		      struct failure *f)
{
	unsigned char text[VERITY_SALT + VERITY_BLOCK], digest[VERITY_DIGEST];
	/* Behind the superblock's block, the topmost comes first. */
	ssize_t n = pread(fd, text + VERITY_SALT, VERITY_BLOCK, (off_t)(data + VERITY_BLOCK));

	if (n != VERITY_BLOCK)
		return fail_errno(f, n < 0 ? errno : EIO, NULL, "reading its hash tree");
	verity_image_salt(data, text);
	if (EVP_Digest(text, sizeof(text), digest, NULL, EVP_sha256(), NULL) != 1)
		return fail(f, EIO, NULL, "libcrypto has no SHA-256");
	if (memcmp(digest, root, VERITY_DIGEST) != 0)
		return fail(f, EBADMSG,
			    "was it made again? `initrd-builder image --verity` said its hash; "
			    "else it was changed",
			    "its root hash is not that of rootovl.verity=");
	return 0;
}

int check_image(const char *device, const unsigned char root[VERITY_DIGEST],
		struct crypt_device **ret, struct failure *f)
{
	auto_crypt struct crypt_device *cd = NULL;
	struct crypt_params_verity params = { 0 };
	auto_close int fd = open(device, O_RDONLY | O_CLOEXEC);
	uint64_t data;
	int r;

	if (fd < 0)
		return fail_errno(f, errno, NULL, "%s", device);
	r = check_size(fd, &data, f);
	if (r < 0)
		return r;
	params.hash_area_offset = data;
	r = crypt_init_data_device(&cd, device, device);
	if (r < 0)
		return fail_errno(f, -r, NULL, "libcryptsetup: %s", device);
	if (crypt_load(cd, CRYPT_VERITY, &params) < 0)
		return fail(f, EINVAL, MAKE,
			    "no superblock of a hash tree behind its file system, at byte %" PRIu64,
			    data);
	r = check_values(cd, data, f);
	if (r == 0)
		r = check_root(fd, data, root, f);
	if (r == 0)
		*ret = STEAL(cd);
	return r;
}

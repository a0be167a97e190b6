// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the hash tree of an image is, and its salt: as veritysetup(8) has it. */
#include "src/common/verity_image.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The size of an image whose first bytes are these. */
static int size_of(const unsigned char *head, size_t len, uint64_t *ret)
{
	int fd = memfd_create("image", MFD_CLOEXEC), r;

	assert_int_equal(write(fd, head, len), (ssize_t)len);
	r = verity_image_data(fd, ret);
	close(fd);
	return r;
}

TEST(erofs_has_blocks_of_several_sizes)
{
	unsigned char head[2048] = { 0 };
	uint64_t size = 0;

	memcpy(head + 1024, "\xe2\xe1\xf5\xe0", 4);
	head[1024 + 12] = 12;
	memcpy(head + 1024 + 36, "\x05\x01\x00\x00", 4);
	assert_int_equal(size_of(head, sizeof(head), &size), 0);
	assert_int_equal(size, 0x105 * 4096);
	head[1024 + 12] = 9;
	assert_int_equal(size_of(head, sizeof(head), &size), 0);
	assert_int_equal(size, 33 * 4096);
	head[1024 + 12] = 64;
	assert_int_equal(size_of(head, sizeof(head), &size), -EINVAL);
	assert_int_equal(size, 33 * 4096);
}

TEST(squashfs_ends_anywhere)
{
	unsigned char head[2048] = "hsqs";
	uint64_t size = 0;

	memcpy(head + 40, "\x01\x30\x00\x00\x00\x00\x00\x00", 8);
	assert_int_equal(size_of(head, sizeof(head), &size), 0);
	assert_int_equal(size, 4 * 4096);
	memcpy(head + 40, "\x00\x30\x00\x00\x00\x00\x00\x00", 8);
	assert_int_equal(size_of(head, sizeof(head), &size), 0);
	assert_int_equal(size, 3 * 4096);
	memcpy(head + 40, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	assert_int_equal(size_of(head, sizeof(head), &size), -EFBIG);
	memcpy(head + 40, "\x00\x10\x00\x00\x00\x00\x00\x00", 8);
	assert_int_equal(size_of(head, sizeof(head), &size), -EINVAL);
	assert_int_equal(size_of(head, 100, &size), -EINVAL);
	head[0] = 'H';
	assert_int_equal(size_of(head, sizeof(head), &size), -EINVAL);
}

/* The superblock, and a block for each 128 of the level below, up to one. */
TEST(trees_have_as_many_levels_as_they_need)
{
	static const struct {
		uint64_t data, tree;
	} rows[] = {
		{ 2, 1 },
		{ 128, 1 },
		{ 129, 2 + 1 },
		{ 733, 7 },
		{ 16384, 128 + 1 },
		{ 16385, 129 + 2 + 1 },
		{ UINT64_C(1) << 38,
		  (UINT64_C(1) << 31) + (1 << 24) + (1 << 17) + (1 << 10) + (1 << 3) + 1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(verity_image_end(rows[i].data * VERITY_BLOCK),
				 (rows[i].data + 1 + rows[i].tree) * VERITY_BLOCK);
}

TEST(the_salt_is_the_number_of_blocks)
{
	unsigned char salt[VERITY_SALT], other[VERITY_SALT];
	static const unsigned char zero[VERITY_SALT - 8];

	verity_image_salt(UINT64_C(0x0102030405) * VERITY_BLOCK, salt);
	assert_memory_equal(salt, zero, sizeof(zero));
	assert_memory_equal(salt + VERITY_SALT - 8, "\5\4\3\2\1\0\0\0", 8);
	verity_image_salt(UINT64_C(0x0102030406) * VERITY_BLOCK, other);
	assert_memory_not_equal(salt, other, VERITY_SALT);
}

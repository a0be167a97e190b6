// SPDX-License-Identifier: GPL-2.0-or-later
/* What the key of a userspace depends on. */
#include "initrd-builder/build/userspace_key.h"
#include "tests/unit/unit.h"

TEST(a_userspace_is_of_one_architecture)
{
	auto_failure struct failure f = { 0 };
	char *keys[3] = { 0 };
	static const char *const archs[] = { "amd64", "arm64", "amd64" };

	for (size_t i = 0; i < ARRAY_SIZE(archs); i++) {
		const struct container container = {
			.engine = engine_find("docker"),
			.arch = archs[i],
			.image = (char *)"image",
			.id = (char *)"sha256:1",
		};
		const struct userspace userspace = { .container = &container };

		assert_int_equal(userspace_key(&userspace, compression_choose(NULL), &keys[i], &f),
				 0);
	}
	assert_string_not_equal(keys[0], keys[1]);
	assert_string_equal(keys[0], keys[2]);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		free(keys[i]);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What killed builders left. */
#include "initrd-builder/write/output.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

TEST(leftovers_are_ours_only)
{
	static const char *const files[] = {
		".modules-6.1.cgz.0123456789abcdef.new",
		".modules-6.1.cgz.0123456789abcdeg.new",
		".modules-6.1.cgz.new",
		".other.0123456789abcdef.new",
		"modules-6.1.cgz",
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		tree_file(files[i], "");
	output_clean(tree_fd, "modules-");
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		assert_int_equal(faccessat(tree_fd, files[i], F_OK, 0), i == 0 ? -1 : 0);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What killed builders left. */
#include "initrd-builder/write/output.h"

#include "tests/unit/initrd-builder/builder_tree.h"

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_make, tree_remove)

static void leftovers_are_ours_only(void **state)
{
	static const char *const files[] = {
		".modules-6.1.cgz.0123456789abcdef.new",
		".modules-6.1.cgz.0123456789abcdeg.new",
		".modules-6.1.cgz.new",
		".other.0123456789abcdef.new",
		"modules-6.1.cgz",
	};
	auto_close int fd = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		tree_file(files[i], "");
	output_clean(fd, "modules-");
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		assert_int_equal(faccessat(fd, files[i], F_OK, 0), i == 0 ? -1 : 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(leftovers_are_ours_only),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}

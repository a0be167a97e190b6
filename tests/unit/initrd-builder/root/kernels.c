// SPDX-License-Identifier: GPL-2.0-or-later
/* Finding the kernels of a root file system, and their compression. */
#include "initrd-builder/root/kernels.h"

#include "tests/unit/initrd-builder/builder_tree.h"

#include <errno.h>

/* Asserts that these are the kernels of the tree; "" is none. `version`: only this one. */
static void assert_kernels(const char *version, const char *expected)
{
	auto_failure struct failure f = { 0 };
	struct kernels kernels;
	struct rootfs root;
	auto_strv char **names = NULL;
	auto_free char *joined = NULL;
	int r;

	assert_int_equal(rootfs_open(tree, &root, &f), 0);
	r = kernels_find(&root, version, &kernels, &f);
	assert_int_equal(r, *expected ? 0 : -ENXIO);
	for (size_t i = 0; i < kernels.n; i++)
		strv_add(&names, xstrdup(kernels.list[i].version));
	joined = strv_join(names, " ");
	assert_string_equal(joined ? joined : "", expected);
	kernels_done(&kernels);
	rootfs_close(&root);
}

static void none_without_modules(void **state)
{
	(void)state;
	assert_kernels(NULL, "");
	tree_dir("lib/modules");
	assert_kernels(NULL, "");
	tree_dir("lib/modules/6.1.0-1/build");
	tree_file("lib/modules/README", "no kernel");
	tree_file("lib/modules/6.0.0-1/modules.dep", "of one that was removed");
	assert_kernels(NULL, "");
}

static void all_of_them_by_version(void **state)
{
	(void)state;
	tree_dir("lib/modules/6.10.0-1-amd64/kernel");
	tree_file("lib/modules/6.9.0-1-amd64/modules.builtin", "");
	tree_file("lib/modules/4.19.90-2003.4.0.0036.oe1.x86_64/modules.builtin", "");
	assert_kernels(NULL, "4.19.90-2003.4.0.0036.oe1.x86_64 6.9.0-1-amd64 6.10.0-1-amd64");
	assert_kernels("6.9.0-1-amd64", "6.9.0-1-amd64");
	assert_kernels("6.9.0-1", "");
}

static void a_link_inside_the_root_is_followed(void **state)
{
	(void)state;
	tree_dir("usr/lib/modules/6.1.0/kernel");
	tree_link("usr/lib", "lib");
	assert_kernels(NULL, "6.1.0");
}

static void an_absolute_link_stays_in_the_root(void **state)
{
	(void)state;
	tree_dir("usr/lib/modules/6.1.0/kernel");
	tree_link("/usr/lib", "lib");
	assert_kernels(NULL, "6.1.0");
}

static void a_link_that_climbs_stays_in_the_root(void **state)
{
	(void)state;
	tree_dir("usr/lib/modules/6.1.0/kernel");
	tree_link("../../../../../../../usr/lib", "lib");
	assert_kernels(NULL, "6.1.0");
}

static void links_to_nothing_and_to_themselves_hold_none(void **state)
{
	(void)state;
	tree_dir("lib/modules/6.1.0");
	tree_link("/nowhere", "lib/modules/6.1.0/kernel");
	tree_link("6.2.0", "lib/modules/6.2.0");
	assert_kernels(NULL, "");
}

static void names_that_are_no_version_are_passed_over(void **state)
{
	(void)state;
	tree_dir("lib/modules/-o/kernel");
	tree_dir("lib/modules/6.1 0/kernel");
	tree_dir("lib/modules/$(reboot)/kernel");
	tree_dir("lib/modules/6.1.0+deb13~rc1/kernel");
	assert_kernels(NULL, "6.1.0+deb13~rc1");
}

static void the_configuration_of_the_root_decides(void **state)
{
	auto_failure struct failure f = { 0 };
	struct kernels kernels;
	struct rootfs root;

	(void)state;
	tree_dir("lib/modules/1.0/kernel");
	tree_dir("lib/modules/2.0/kernel");
	tree_dir("lib/modules/3.0/kernel");
	tree_file("boot/config-1.0", "CONFIG_RD_GZIP=y\nCONFIG_RD_ZSTD=y\n");
	tree_file("lib/modules/2.0/config", "CONFIG_RD_XZ=y\n# CONFIG_RD_ZSTD=y\n");
	assert_int_equal(rootfs_open(tree, &root, &f), 0);
	assert_int_equal(kernels_find(&root, NULL, &kernels, &f), 0);
	assert_string_equal(kernels.list[0].compression->name, "zstd");
	assert_string_equal(kernels.list[1].compression->name, "xz");
	assert_string_equal(kernels.list[2].compression->name, "gzip");
	kernels_done(&kernels);
	rootfs_close(&root);
}

static void a_configuration_that_is_no_file_is_passed_over(void **state)
{
	auto_free char *fifo = xasprintf("%s/boot/config-1.0", tree);

	(void)state;
	tree_dir("lib/modules/1.0/kernel");
	tree_dir("lib/modules/2.0/kernel");
	tree_dir("boot");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	tree_link("/boot", "boot/config-2.0");
	assert_kernels(NULL, "1.0 2.0");
}

static void only_whole_lines_count(void **state)
{
	(void)state;
	assert_string_equal(compression_choose("CONFIG_RD_ZSTD=y")->name, "zstd");
	assert_string_equal(compression_choose("#CONFIG_RD_ZSTD=y\n")->name, "gzip");
	assert_string_equal(compression_choose("CONFIG_RD_ZSTD=yes\n")->name, "gzip");
	assert_string_equal(compression_choose("")->name, "gzip");
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_make, tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(none_without_modules),
		IN_TREE(all_of_them_by_version),
		IN_TREE(a_link_inside_the_root_is_followed),
		IN_TREE(an_absolute_link_stays_in_the_root),
		IN_TREE(a_link_that_climbs_stays_in_the_root),
		IN_TREE(links_to_nothing_and_to_themselves_hold_none),
		IN_TREE(names_that_are_no_version_are_passed_over),
		IN_TREE(the_configuration_of_the_root_decides),
		IN_TREE(a_configuration_that_is_no_file_is_passed_over),
		cmocka_unit_test(only_whole_lines_count),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("builder_kernels", tests, NULL, NULL);
}

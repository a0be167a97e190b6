// SPDX-License-Identifier: GPL-2.0-or-later
/* Finding the kernels of a root file system, and their compression. */
#include "initrd-builder/root/kernels.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

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

/* Each is looked at whenever the root is, and its owner may make as many as there is room for. */
TEST(too_many_kernels_are_refused)
{
	auto_failure struct failure f = { 0 };
	struct kernels kernels;
	struct rootfs root;

	for (int i = 0; i < 65; i++) {
		auto_free char *name = xasprintf("lib/modules/6.%d/modules.builtin", i);

		tree_file(name, "");
	}
	assert_int_equal(rootfs_open(tree, &root, &f), 0);
	assert_int_equal(kernels_find(&root, NULL, &kernels, &f), -E2BIG);
	assert_non_null(strstr(f.what, "more than 64 kernels in lib/modules"));
	kernels_done(&kernels);
	assert_int_equal(kernels_find(&root, "6.7", &kernels, &f), 0);
	kernels_done(&kernels);
	rootfs_close(&root);
}

TEST(none_without_modules)
{
	assert_kernels(NULL, "");
	tree_dir("lib/modules");
	assert_kernels(NULL, "");
	tree_dir("lib/modules/6.1.0-1/build");
	tree_file("lib/modules/README", "no kernel");
	tree_file("lib/modules/6.0.0-1/modules.dep", "of one that was removed");
	assert_kernels(NULL, "");
}

TEST(all_of_them_by_version)
{
	tree_dir("lib/modules/6.10.0-1-amd64/kernel");
	tree_file("lib/modules/6.9.0-1-amd64/modules.builtin", "");
	tree_file("lib/modules/4.19.90-2003.4.0.0036.oe1.x86_64/modules.builtin", "");
	assert_kernels(NULL, "4.19.90-2003.4.0.0036.oe1.x86_64 6.9.0-1-amd64 6.10.0-1-amd64");
	assert_kernels("6.9.0-1-amd64", "6.9.0-1-amd64");
	assert_kernels("6.9.0-1", "");
}

TEST(a_link_inside_the_root_is_followed)
{
	tree_dir("usr/lib/modules/6.1.0/kernel");
	tree_link("usr/lib", "lib");
	assert_kernels(NULL, "6.1.0");
}

TEST(an_absolute_link_stays_in_the_root)
{
	tree_dir("usr/lib/modules/6.1.0/kernel");
	tree_link("/usr/lib", "lib");
	assert_kernels(NULL, "6.1.0");
}

TEST(a_link_that_climbs_stays_in_the_root)
{
	tree_dir("usr/lib/modules/6.1.0/kernel");
	tree_link("../../../../../../../usr/lib", "lib");
	assert_kernels(NULL, "6.1.0");
}

TEST(links_to_nothing_and_to_themselves_hold_none)
{
	tree_dir("lib/modules/6.1.0");
	tree_link("/nowhere", "lib/modules/6.1.0/kernel");
	tree_link("6.2.0", "lib/modules/6.2.0");
	assert_kernels(NULL, "");
}

TEST(names_that_are_no_version_are_passed_over)
{
	tree_dir("lib/modules/-o/kernel");
	tree_dir("lib/modules/6.1 0/kernel");
	tree_dir("lib/modules/$(reboot)/kernel");
	tree_dir("lib/modules/6.1.0+deb13~rc1/kernel");
	assert_kernels(NULL, "6.1.0+deb13~rc1");
}

TEST(the_configuration_of_the_root_decides)
{
	auto_failure struct failure f = { 0 };
	struct kernels kernels;
	struct rootfs root;

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

TEST(a_configuration_that_is_no_file_is_passed_over)
{
	auto_free char *fifo = tree_path("boot/config-1.0");

	tree_dir("lib/modules/1.0/kernel");
	tree_dir("lib/modules/2.0/kernel");
	tree_dir("boot");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	tree_link("/boot", "boot/config-2.0");
	assert_kernels(NULL, "1.0 2.0");
}

TEST(only_whole_lines_count)
{
	assert_string_equal(compression_choose("CONFIG_RD_ZSTD=y")->name, "zstd");
	assert_string_equal(compression_choose("#CONFIG_RD_ZSTD=y\n")->name, "gzip");
	assert_string_equal(compression_choose("CONFIG_RD_ZSTD=yes\n")->name, "gzip");
	assert_string_equal(compression_choose("")->name, "gzip");
}

TEST(the_kernels_that_are_there_are_named_where_the_asked_one_is_missing)
{
	auto_failure struct failure f = { 0 };
	struct kernels kernels;
	struct rootfs root;

	tree_dir("lib/modules/2.0/kernel");
	tree_dir("lib/modules/10.0/kernel");
	assert_int_equal(rootfs_open(tree, &root, &f), 0);
	assert_int_equal(kernels_find(&root, "3.0", &kernels, &f), -ENXIO);
	assert_non_null(strstr(f.what, "no modules of kernel 3.0 in lib/modules"));
	assert_string_equal(f.hint, "it has those of 2.0, 10.0");
	rootfs_close(&root);
}

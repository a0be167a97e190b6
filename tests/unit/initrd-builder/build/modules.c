// SPDX-License-Identifier: GPL-2.0-or-later
/* The modules and the firmware of a hostile root in the staging directory. */
#include "initrd-builder/build/modules.h"
#include "initrd-builder/build/firmware.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>

static int shell(const char *command)
{
	auto_failure struct failure f = { 0 };
	const char *const argv[] = { "sh", "-c", command, NULL };

	return program_run(&(struct program){ .argv = argv, .output = 2 }, NULL, &f);
}

static int stage(const struct staging *staging, struct failure *f)
{
	__attribute__((cleanup(rootfs_close))) struct rootfs root = { .fd = -1 };
	auto_free char *path = tree_path("root");
	auto_strv char **modules = NULL;

	assert_int_equal(rootfs_open(path, &root, f), 0);
	return modules_stage(staging, &root, "6.1.0", -1, NULL, &modules, f);
}

/* Asserts that these are the files of modules that are staged, but for depmod's. */
static void assert_staged(const char *expected)
{
	auto_staging struct staging staging = { .path = tree_path("s") };
	auto_failure struct failure f = { 0 };
	auto_free char *command = NULL;

	assert_int_equal(stage(&staging, &f), 0);
	command =
		xasprintf("test \"$(cd %s/s/all/usr/lib/modules/6.1.0 && find . ! -type d ! -name "
			  "'modules.*' | sort | tr '\\n' ' ')\" = '%s'",
			  tree, expected);
	assert_int_equal(shell(command), 0);
}

TEST(links_lead_to_modules_of_the_root_only)
{
	tree_file("secret", "of the host");
	tree_file("root/etc/secret", "of the root");
	tree_file("root/lib/modules/6.1.0/kernel/a.ko", "");
	tree_link("/etc/secret", "root/lib/modules/6.1.0/kernel/b.ko");
	tree_link("../../../../../../secret", "root/lib/modules/6.1.0/kernel/c.ko");
	tree_link("/etc", "root/lib/modules/6.1.0/updates");
	tree_link("/nowhere", "root/lib/modules/6.1.0/kernel/d.ko");
	tree_file("root/lib/modules/6.0.0/extra/x.ko.xz", "");
	tree_dir("root/lib/modules/6.1.0/weak-updates");
	tree_link("/lib/modules/6.0.0/extra/x.ko.xz",
		  "root/lib/modules/6.1.0/weak-updates/x.ko.xz");
	assert_staged("./kernel/a.ko ./weak-updates/x.ko.xz ");
}

TEST(only_modules_are_taken)
{
	auto_free char *fifo = tree_path("root/lib/modules/6.1.0/kernel/f.ko");

	tree_file("root/lib/modules/6.1.0/kernel/a.ko.zst", "");
	tree_file("root/lib/modules/6.1.0/kernel/.ko", "no module");
	tree_file("root/lib/modules/6.1.0/kernel/b.ko.sh", "no module");
	tree_file("root/lib/modules/6.1.0/build/c.ko", "of the sources");
	tree_file("root/lib/modules/6.1.0/vmlinuz", "no module");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_staged("./kernel/a.ko.zst ");
}

TEST(depmods_files_are_not_the_roots)
{
	auto_staging struct staging staging = { .path = tree_path("s") };
	auto_failure struct failure f = { 0 };
	auto_free char *command =
		xasprintf("test -e %s/s/all/usr/lib/modules/6.1.0/modules.dep.bin && "
			  "! grep -r hostile %s/s",
			  tree, tree);

	tree_dir("root/lib/modules/6.1.0/kernel");
	tree_file("root/lib/modules/6.1.0/modules.dep", "../../../hostile.ko:");
	tree_file("root/lib/modules/6.1.0/modules.dep.bin", "hostile");
	tree_file("root/lib/modules/6.1.0/modules.softdep", "hostile");
	assert_int_equal(stage(&staging, &f), 0);
	assert_int_equal(shell(command), 0);
}

TEST(odd_names_are_refused)
{
	auto_staging struct staging staging = { .path = tree_path("s") };
	auto_failure struct failure f = { 0 };

	tree_file("root/lib/modules/6.1.0/kernel/a.ko: /etc/b.ko", "");
	assert_int_equal(stage(&staging, &f), -EINVAL);
}

/* A file of `bytes` bytes without a block. */
static void sparse(const char *name, off_t bytes)
{
	auto_free char *path = tree_path(name);

	tree_file(name, "");
	assert_int_equal(truncate(path, bytes), 0);
}

TEST(large_modules_are_refused_before_they_are_copied)
{
	auto_staging struct staging staging = { .path = tree_path("s") };
	auto_failure struct failure f = { 0 };
	auto_free char *command =
		xasprintf("test ! -e %s/s/all/usr/lib/modules/6.1.0/kernel/a.ko", tree);

	sparse("root/lib/modules/6.1.0/kernel/a.ko", (off_t)50 << 30);
	assert_int_equal(stage(&staging, &f), -EFBIG);
	assert_non_null(strstr(f.what, "lib/modules/6.1.0/kernel/a.ko: larger than 256 MiB"));
	assert_int_equal(shell(command), 0);
}

TEST(depmod_s_files_are_ours_and_it_leaves_no_rights)
{
	auto_staging struct staging staging = { .path = tree_path("s") };
	auto_failure struct failure f = { 0 };
	auto_free char *command = xasprintf(
		"cd %s/s/all/usr/lib/modules/6.1.0 && test -z \"$(find . ! -uid $(id -u))\" && "
		"test \"$(stat -c %%a .)\" = 755 && test \"$(stat -c %%a modules.dep)\" = 644",
		tree);

	tree_file("root/lib/modules/6.1.0/kernel/a.ko", "");
	assert_int_equal(stage(&staging, &f), 0);
	assert_int_equal(shell(command), 0);
}

static off_t left; /* for firmware */

/* Stages a firmware of the tree's root. */
static int firmware(const struct staging *staging, const char *name, struct failure *f)
{
	__attribute__((cleanup(rootfs_close))) struct rootfs root = { .fd = -1 };
	auto_free char *path = tree_path("root");

	assert_int_equal(rootfs_open(path, &root, f), 0);
	return firmware_stage(staging, "half", &root, name, &left, f);
}

TEST(firmware_is_taken_from_its_folder_only)
{
	auto_staging struct staging staging = { .path = tree_path("s") };
	auto_failure struct failure f = { 0 };
	auto_free char *command = xasprintf(
		"cd %s/s/half/usr/lib/firmware && test \"$(cat x/a.bin)\" = good && "
		"test \"$(cat updates/x/a.bin.zst)\" = new && test \"$(ls -A x)\" = a.bin",
		tree);

	left = FIRMWARE_MAX;
	tree_file("root/lib/firmware/x/a.bin", "good");
	tree_file("root/lib/firmware/updates/x/a.bin.zst", "new");
	tree_file("root/lib/firmware/x/b.bin", "not asked for");
	tree_file("root/etc/secret", "of the root");
	tree_link("/etc/secret", "root/lib/firmware/x/a.bin.xz");
	assert_int_equal(firmware(&staging, "x/a.bin", &f), 0);
	assert_int_equal(firmware(&staging, "x/absent.bin", &f), 0);
	assert_int_equal(firmware(&staging, "../../etc/secret", &f), -EINVAL);
	assert_int_equal(shell(command), 0);
}

TEST(large_firmware_is_refused_before_it_is_copied)
{
	auto_staging struct staging staging = { .path = tree_path("s") };
	auto_failure struct failure f = { 0 }, all = { 0 };
	auto_free char *command = xasprintf("test ! -s %s/s/half/usr/lib/firmware/large.bin", tree);

	sparse("root/lib/firmware/large.bin", (off_t)50 << 30);
	left = FIRMWARE_MAX;
	assert_int_equal(firmware(&staging, "large.bin", &f), -EFBIG);
	assert_non_null(strstr(f.what, "lib/firmware/large.bin: larger than 256 MiB"));
	assert_int_equal(shell(command), 0);
	/* Nor do many small ones fill TMPDIR. */
	tree_file("root/lib/firmware/a.bin", "good");
	tree_file("root/lib/firmware/b.bin", "too much");
	left = 5;
	assert_int_equal(firmware(&staging, "a.bin", &all), 0);
	assert_int_equal(left, 1);
	assert_int_equal(firmware(&staging, "b.bin", &all), -EFBIG);
}

TEST(a_file_is_copied_up_to_its_limit_only)
{
	auto_free char *path = tree_path("zero"), *copy = tree_path("copy");
	auto_close int from = -1, to = -1;

	tree_dir(".");
	sparse("zero", 3 << 20);
	from = open(path, O_RDONLY | O_CLOEXEC);
	to = open(copy, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(staging_copy_fd(from, to, (3 << 20) - 1), -EFBIG);
	assert_int_equal(lseek(to, 0, SEEK_END), 0);
	assert_int_equal(staging_copy_fd(from, to, 3 << 20), 0);
	assert_int_equal(lseek(to, 0, SEEK_END), 3 << 20);
}

TEST(firmware_outside_is_refused)
{
	assert_true(firmware_is_inside("tigon/tg3_tso5.bin"));
	assert_true(firmware_is_inside("brcm/brcmfmac*-sdio.*.txt"));
	assert_false(firmware_is_inside(""));
	assert_false(firmware_is_inside("../x"));
	assert_false(firmware_is_inside("a/../../x"));
	assert_false(firmware_is_inside("a/.?/x*"));
	assert_false(firmware_is_inside("a/\\../x*"));
	assert_false(firmware_is_inside("/etc/shadow"));
}

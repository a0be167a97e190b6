// SPDX-License-Identifier: GPL-2.0-or-later
/* Directories that a payload changed get owner and mode again, and no others. */
#include "src/rootovl/machine/mend_dirs.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/image_dirs.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void change(const char *path, mode_t mode)
{
	auto_free char *at = xasprintf("%s%s", tree, path);

	assert_int_equal(file_make_dirs(at), 0);
	assert_int_equal(chmod(at, mode), 0);
	assert_int_equal(chown(at, 1000, 1000), 0);
}

static void check(const char *path, mode_t mode, uid_t owner)
{
	auto_free char *at = xasprintf("%s%s", tree, path);
	struct stat st;

	assert_int_equal(stat(at, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
	assert_int_equal(st.st_uid, owner);
	assert_int_equal(st.st_gid, owner);
}

TEST(what_the_image_needs_is_mended)
{
	static const char *const needed[] = {
		"/",
		"/usr",
		"/usr/bin",
		"/usr/lib",
		"/usr/lib/x86_64-linux-gnu",
		"/usr/lib64",
		"/usr/lib/systemd",
		"/usr/lib/systemd/network",
		"/etc",
		"/etc/systemd/network",
		"/etc/systemd/network/a.network.d",
		"/var",
		"/var/lib",
		"/run",
		"/sysroot",
	};

	if (geteuid() != 0)
		skip(); /* only root can change owners */
	for (size_t i = ARRAY_SIZE(needed); i; i--)
		change(needed[i - 1], 0700);
	change("/tmp", 0700);
	mend_dirs(tree);
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		check(needed[i], 0755, 0);
	check("/tmp", 01777, 0);
}

TEST(what_is_the_payloads_is_left_alone)
{
	static const char *const other[] = {
		"/lkp",		"/lkp/etc",	      "/opt",
		"/usr/local",	"/usr/local/bin",     "/usr/src",
		"/etc/ssl",	"/etc/ssl/private",   "/etc/systemd/a/b/c",
		"/usr/share/x", "/usr/lib/credstore", "/etc/systemd/credstore.encrypted"
	};

	if (geteuid() != 0)
		skip(); /* only root can change owners */
	for (size_t i = 0; i < ARRAY_SIZE(other); i++)
		change(other[i], 0700);
	mend_dirs(tree);
	for (size_t i = 0; i < ARRAY_SIZE(other); i++)
		check(other[i], 0700, 1000);
}

TEST(a_link_is_not_followed)
{
	auto_free char *link = tree_path("sbin");

	if (geteuid() != 0)
		skip(); /* only root can change owners */
	change("/opt/aside", 0700);
	assert_int_equal(symlink("opt/aside", link), 0);
	mend_dirs(tree);
	check("/opt/aside", 0700, 1000);
}

TEST(a_path_has_the_first_row_that_matches)
{
	assert_int_equal(image_dirs_find("/")->mode, 0755);
	assert_int_equal(image_dirs_find("/var/tmp")->mode, 01777);
	assert_int_equal(image_dirs_find("/lib64")->mode, 0755);
	assert_null(image_dirs_find("/lkp"));
	assert_null(image_dirs_find("/usr/local"));
	assert_null(image_dirs_find("/usr/lib/systemd/a/b/c"));
	/* These are for root alone. */
	assert_null(image_dirs_find("/usr/lib/credstore"));
	assert_null(image_dirs_find("/usr/lib/credstore.encrypted"));
	assert_null(image_dirs_find("/etc/systemd/credstore"));
}

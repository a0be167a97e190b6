// SPDX-License-Identifier: GPL-2.0-or-later
/* folder_open() opens only folders whose path no other user can redirect. */
#include "src/common/folder.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/test_folder.XXXXXX";

int unit_set_up(void **state)
{
	(void)state;
	strcpy(strrchr(top, '.'), ".XXXXXX");
	assert_non_null(mkdtemp(top));
	assert_int_equal(chdir(top), 0);
	assert_int_equal(mkdir("step", 0755), 0);
	assert_int_equal(mkdir("step/folder", 0777), 0);
	return 0;
}

int unit_tear_down(void **state)
{
	(void)state;
	assert_int_equal(chdir("/"), 0);
	file_remove_tree(top);
	return 0;
}

static void is_opened(const char *path)
{
	auto_failure struct failure f = { 0 };
	auto_close int fd = -1;
	struct stat opened, named;

	assert_int_equal(folder_open(path, &fd, &f), 0);
	assert_int_equal(fstat(fd, &opened), 0);
	assert_int_equal(stat(path, &named), 0);
	assert_int_equal(opened.st_ino, named.st_ino);
	assert_int_equal(opened.st_dev, named.st_dev);
}

static void is_refused(const char *path, int error, const char *text)
{
	auto_failure struct failure f = { 0 };
	int fd;

	assert_int_equal(folder_open(path, &fd, &f), -error);
	if (!strstr(f.what, text))
		fail_msg("%s: not in it: %s", f.what, text);
}

TEST(a_path_of_ones_own_is_opened)
{
	auto_free char *whole = xasprintf("%s//step/./folder/", top);

	is_opened("/");
	is_opened(".");
	is_opened("step/folder");
	is_opened("step/../step/folder");
	is_opened(whole);
	is_refused("step/none", ENOENT, "/step/none: No such file");
}

TEST(a_link_is_no_step)
{
	assert_int_equal(symlink("step", "link"), 0);
	assert_int_equal(symlink("folder", "step/last"), 0);
	is_refused("link/folder", ELOOP, "/link is a symbolic link");
	is_refused("step/last", ELOOP, "/step/last is a symbolic link");
	assert_int_equal(mknod("step/file", S_IFREG | 0644, 0), 0);
	is_refused("step/file", ENOTDIR, "/step/file: Not a directory");
	is_refused("step/file/x", ENOTDIR, "/step/file: Not a directory");
}

TEST(a_step_that_others_may_write_is_refused_unless_it_is_sticky)
{
	assert_int_equal(chmod("step", 0775), 0);
	is_refused("step/folder", EPERM, "/step/folder: others may write to /tmp/");
	assert_int_equal(chmod("step", 0757), 0);
	is_refused("step/folder", EPERM, "/step, and could put another folder there");
	assert_int_equal(chmod("step", 01777), 0);
	is_opened("step/folder");
}

TEST(a_step_of_another_user_is_refused)
{
	if (geteuid() != 0)
		return;
	assert_int_equal(chown("step", 65534, 65534), 0);
	is_refused("step/folder", EPERM, "/step/folder: user 65534 owns /tmp/");
	/* The sticky bit keeps others out, not the owner. */
	assert_int_equal(chmod("step", 01755), 0);
	is_refused("step/folder", EPERM, "user 65534 owns");
	/* The folder itself may be another's. */
	is_opened("step");
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* No call makes a setuid file once no_setuid() was called; the other modes are as before. */
#include "src/testbox/machine/no_setuid.h"

#include "src/common/files.h"
#include "src/common/macro.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SETUID 04755
#define SETGID 02755
#define PLAIN  01755

/* Each call with a mode; returns -1 where it is refused. */
static int by_chmod(mode_t mode)
{
	return chmod("file", mode);
}

static int by_fchmod(mode_t mode)
{
	auto_close int fd = open("file", O_RDONLY | O_CLOEXEC);

	return fchmod(fd, mode);
}

static int by_fchmodat(mode_t mode)
{
	return fchmodat(AT_FDCWD, "file", mode, 0);
}

static int by_openat(mode_t mode)
{
	auto_close int fd = -1;

	unlink("new");
	fd = openat(AT_FDCWD, "new", O_RDWR | O_CREAT | O_CLOEXEC, mode);
	return fd;
}

static int by_tmpfile(mode_t mode)
{
	auto_close int fd = openat(AT_FDCWD, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, mode);

	return fd;
}

static int by_mknodat(mode_t mode)
{
	unlink("new");
	return mknodat(AT_FDCWD, "new", S_IFREG | mode, 0);
}

static int by_mkdirat(mode_t mode)
{
	rmdir("dir");
	return mkdirat(AT_FDCWD, "dir", mode);
}

static int (*const calls[])(mode_t mode) = {
	by_chmod, by_fchmod, by_fchmodat, by_openat, by_tmpfile, by_mknodat, by_mkdirat,
};

/* Gives the number of the call that went wrong, from 1; 0: none did. */
static int try_all(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		if (calls[i](PLAIN) < 0)
			return (int)i + 1;
		if (calls[i](SETUID) >= 0 || errno != EPERM)
			return 100 + (int)i;
		if (calls[i](SETGID) >= 0 || errno != EPERM)
			return 100 + (int)i;
	}
	/* Without a file to make, the mode says nothing. */
	if (syscall(SYS_openat, AT_FDCWD, "file", O_RDONLY | O_DIRECTORY, SETUID) >= 0 ||
	    errno != ENOTDIR)
		return 200;
	if (syscall(SYS_openat2, AT_FDCWD, "file", NULL, 0) >= 0 || errno != ENOSYS)
		return 201;
	return syscall(SYS_io_uring_setup, 1, NULL) < 0 && errno == ENOSYS ? 0 : 202;
}

TEST(no_call_makes_a_setuid_file)
{
	char top[] = "/tmp/test_no_setuid.XXXXXX";
	int status;
	pid_t pid;

	assert_non_null(mkdtemp(top));
	assert_int_equal(chdir(top), 0);
	assert_int_equal(file_write(AT_FDCWD, "file", "", 0755), 0);
	assert_int_equal(chmod("file", SETUID), 0);
	pid = fork();
	if (pid == 0)
		_exit(no_setuid() ? 99 : try_all());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(chdir("/"), 0);
	file_remove_tree(top);
}

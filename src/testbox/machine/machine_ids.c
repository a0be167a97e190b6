// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/machine_ids.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Writes a file of /proc in one write(2), as it must be (user_namespaces(7)). */
static int put(const char *path, const char *text)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : file_write_fd(fd, text, strlen(text));
}

static int put_of(pid_t pid, const char *name, const char *text)
{
	auto_free char *path = xasprintf("/proc/%d/%s", (int)pid, name);

	return put(path, text);
}

/* A process that does nothing but have the namespace, until the other end is closed. */
static _Noreturn void hold(int end)
{
	int32_t error = unshare(CLONE_NEWUSER) < 0 ? errno : 0;

	if (write(end, &error, sizeof(error)) == sizeof(error))
		while (read(end, &error, sizeof(error)) < 0 && errno == EINTR)
			;
	_exit(0);
}

/* The namespace of a process that holds it, with its ids. */
static int take(pid_t holder, int end)
{
	auto_free char *map = xasprintf("0 %u %u", MACHINE_ID_FIRST, MACHINE_ID_COUNT);
	auto_free char *path = xasprintf("/proc/%d/ns/user", (int)holder);
	int32_t error = EIO;
	int fd, r;

	if (read(end, &error, sizeof(error)) != sizeof(error) || error)
		return -error;
	r = put_of(holder, "uid_map", map);
	if (r == 0)
		r = put_of(holder, "gid_map", map);
	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int machine_ids_namespace(struct failure *f)
{
	int ends[2], fd;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return fail_errno(f, errno, NULL, "socketpair(2)");
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		hold(ends[1]);
	}
	close(ends[1]);
	fd = pid < 0 ? -errno : take(pid, ends[0]);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return fd < 0 ? fail_errno(f, -fd, "share: 9p in the host's file does without",
				   "a user namespace for the machine's ids")
		      : fd;
}

int machine_ids_enter(int namespace)
{
	if (setns(namespace, CLONE_NEWUSER) < 0 || setgroups(0, NULL) < 0 ||
	    setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return errno;
	return 0;
}

int machine_ids_enter_own(void)
{
	auto_free char *uids = xasprintf("0 %u 1", geteuid());
	auto_free char *gids = xasprintf("0 %u 1", getegid());
	int r;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return errno;
	r = put("/proc/self/uid_map", uids);
	if (r == 0)
		r = put("/proc/self/setgroups", "deny");
	if (r == 0)
		r = put("/proc/self/gid_map", gids);
	return -r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/undo.h"

#include "src/common/mem.h"
#include "src/testbox/machine/leftovers.h"
#include "src/testbox/machine/run_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

struct undo {
	struct leftovers list;
	int guard; /* its socket */
	pid_t guard_pid;
};

int undo_begin(struct undo **ret, struct failure *f)
{
	struct undo *undo;
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return fail_errno(f, errno, NULL, "the guard");
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		run_guard_keep(ends[1]);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return fail_errno(f, errno, NULL, "the guard");
	}
	undo = xcalloc(1, sizeof(*undo));
	undo->guard = ends[0];
	undo->guard_pid = pid;
	*ret = undo;
	return 0;
}

/* Sends a change to the guard, with a descriptor if it is not -1. */
static int tell(int guard, const struct leftovers_change *change, int fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS } };
	struct iovec data = { .iov_base = (void *)change,
			      .iov_len = offsetof(struct leftovers_change, path) +
					 strlen(change->path) + 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };

	if (fd >= 0) {
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	while (sendmsg(guard, &message, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

/* Changes the list, here and in the guard. */
static int apply(struct undo *undo, const struct leftovers_change *change, int fd)
{
	leftovers_apply(&undo->list, change, fd);
	return tell(undo->guard, change, fd);
}

static int add(struct undo *undo, const struct leftovers_change *change, int fd, struct failure *f)
{
	return apply(undo, change, fd) == 0
		       ? 0
		       : fail(f, EPIPE, NULL, "the guard was ended; so this run is, too");
}

static int add_path(struct undo *undo, struct leftovers_change *change, const char *path, int fd,
		    struct failure *f)
{
	if (strlen(path) >= sizeof(change->path)) {
		if (fd >= 0)
			close(fd);
		return fail_errno(f, ENAMETOOLONG, NULL, "%s", path);
	}
	strcpy(change->path, path);
	return add(undo, change, fd, f);
}

int undo_path(struct undo *undo, const char *path, struct failure *f)
{
	struct leftovers_change change = { .kind = LEFTOVERS_PATH };

	return add_path(undo, &change, path, -1, f);
}

int undo_shared(struct undo *undo, const char *dir, int fd, const struct shared *shared,
		struct failure *f)
{
	struct leftovers_change change = { .kind = LEFTOVERS_SHARED, .shared = *shared };
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	return own < 0 ? fail_errno(f, errno, NULL, "%s", dir)
		       : add_path(undo, &change, dir, own, f);
}

static int add_process(void *arg, pid_t pid, struct failure *f)
{
	const struct leftovers_change change = { .kind = LEFTOVERS_PROCESS, .pid = pid };

	return add(arg, &change, -1, f);
}

void undo_forget_process(struct undo *undo, pid_t pid)
{
	const struct leftovers_change change = { .kind = LEFTOVERS_FORGET, .pid = pid };

	apply(undo, &change, -1);
}

int undo_start(struct undo *undo, struct program *program, pid_t *ret, struct failure *f)
{
	int r;

	program->announce = add_process;
	program->arg = undo;
	*ret = 0;
	r = program_start(program, ret, f);
	if (r < 0 && *ret)
		undo_forget_process(undo, *ret);
	return r;
}

size_t undo_mark(const struct undo *undo)
{
	return undo->list.n;
}

void undo_back(struct undo *undo, size_t mark)
{
	static const struct leftovers_change drop = { .kind = LEFTOVERS_DROP };

	while (undo->list.n > mark) {
		const struct leftover *last = &undo->list.items[undo->list.n - 1];

		if (last->pid)
			program_end(last->pid);
		else if (last->path)
			leftovers_undo(last);
		apply(undo, &drop, -1);
	}
}

int undo_guard_fd(const struct undo *undo)
{
	return undo->guard;
}

void undo_end(struct undo *undo)
{
	if (!undo)
		return;
	undo_back(undo, 0);
	close(undo->guard);
	while (waitpid(undo->guard_pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(undo->list.items);
	free(undo);
}

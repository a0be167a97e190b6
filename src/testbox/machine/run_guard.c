// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/run_guard.h"

#include "src/common/macro.h"
#include "src/testbox/machine/leftovers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

#define LOOK_MS 10
#define END_MS	5000 /* that a killed process may take to be gone */

/*
 * It has SIGTERM already, for its parent is dead (PR_SET_PDEATHSIG), and may have ended before what
 * it had started knew of that: all that is left of the group is ended.
 */
static void kill_process(const struct leftover *left)
{
	struct pollfd ended = { .fd = left->pidfd, .events = POLLIN };
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000 * 1000 };

	if (left->pidfd < 0)
		return;
	for (int i = 0; i < END_MS / LOOK_MS && kill(-left->pid, SIGKILL) == 0; i++)
		nanosleep(&pause, NULL);
	poll(&ended, 1, END_MS);
}

/*
 * A program that the launcher had just started, and not yet told of, may make a file where others
 * are being removed: it has SIGTERM, and is gone in a moment.
 */
static void undo_path_for_good(const struct leftover *left)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000 * 1000 };

	leftovers_undo(left);
	for (int i = 0; left->fd < 0 && i < END_MS / LOOK_MS; i++) {
		if (access(left->path, F_OK) < 0)
			return;
		nanosleep(&pause, NULL);
		leftovers_undo(left);
	}
}

/* A change, and the descriptor that came with it; -1: none. */
static ssize_t receive(int socket, struct leftovers_change *change, int *ret_fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec data = { .iov_base = change, .iov_len = sizeof(*change) };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	const struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;

	*ret_fd = -1;
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(ret_fd, CMSG_DATA(header), sizeof(*ret_fd));
	return n;
}

_Noreturn void run_guard_keep(int socket)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
	struct leftovers_change change;
	static const struct leftovers_change drop = { .kind = LEFTOVERS_DROP };
	struct leftovers list = { 0 };
	ssize_t n;
	int fd;

	setsid();
	prctl(PR_SET_NAME, "testbox-guard");
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], SIG_IGN);
	while ((n = receive(socket, &change, &fd)) > 0 || (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		leftovers_apply(&list, &change, fd);
		if (change.kind == LEFTOVERS_PROCESS)
			list.items[list.n - 1].pidfd = pidfd_open(change.pid, 0);
	}
	while (list.n) {
		const struct leftover *last = &list.items[list.n - 1];

		if (last->path)
			undo_path_for_good(last);
		else if (last->pid)
			kill_process(last);
		leftovers_apply(&list, &drop, -1);
	}
	_exit(0);
}

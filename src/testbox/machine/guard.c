// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/guard.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/testbox/machine/shared.h"

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

void leftovers_add(struct leftovers *list, const struct guard_message *message)
{
	bool is_process = message->kind == GUARD_PROCESS;

	list->items = xreallocarray(list->items, list->n + 1, sizeof(*list->items));
	list->items[list->n++] = (struct leftover){
		.pid = is_process ? message->pid : 0,
		.pidfd = -1,
		.path = is_process ? NULL : xstrdup(message->path),
		.shared = message->kind == GUARD_SHARED,
		.mode = message->mode,
	};
}

void leftovers_forget(struct leftovers *list, pid_t pid)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].pid == pid)
			list->items[i].pid = 0;
}

void leftovers_drop(struct leftovers *list)
{
	struct leftover *last;

	if (!list->n)
		return;
	last = &list->items[--list->n];
	if (last->pidfd >= 0)
		close(last->pidfd);
	free(last->path);
}

void leftover_undo(const struct leftover *left)
{
	int n;

	if (!left->shared) {
		file_remove_tree(left->path);
		return;
	}
	n = shared_open(left->path, left->mode);
	if (n < 0)
		log_line(LOG_WARNING, "testbox: %s: not opened to others again: %s", left->path,
			 strerror(-n));
	else if (n > 0)
		log_line(LOG_NOTICE,
			 "testbox: %s: from %d files setuid, setgid or capabilities were taken, or "
			 "they were devices and are gone",
			 left->path, n);
}

/*
 * It has SIGTERM already, for its parent is dead (PR_SET_PDEATHSIG), and may have ended before what
 * it had started knew of that: the group is ended, whoever is left of it.
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

	leftover_undo(left);
	for (int i = 0; !left->shared && i < END_MS / LOOK_MS; i++) {
		if (access(left->path, F_OK) < 0)
			return;
		nanosleep(&pause, NULL);
		leftover_undo(left);
	}
}

_Noreturn void guard_keep(int socket)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
	struct guard_message message;
	struct leftovers list = { 0 };
	ssize_t n;

	setsid();
	prctl(PR_SET_NAME, "testbox-guard");
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], SIG_IGN);
	while ((n = recv(socket, &message, sizeof(message), 0)) > 0 || (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		if (message.kind == GUARD_FORGET) {
			leftovers_forget(&list, message.pid);
		} else if (message.kind == GUARD_DROP) {
			leftovers_drop(&list);
		} else {
			leftovers_add(&list, &message);
			if (message.kind == GUARD_PROCESS)
				list.items[list.n - 1].pidfd = pidfd_open(message.pid, 0);
		}
	}
	while (list.n) {
		const struct leftover *last = &list.items[list.n - 1];

		if (last->path)
			undo_path_for_good(last);
		else if (last->pid)
			kill_process(last);
		leftovers_drop(&list);
	}
	_exit(0);
}

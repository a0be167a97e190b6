// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/leftovers.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <stdbool.h>
#include <unistd.h>

static void add(struct leftovers *list, const struct leftovers_change *change, int fd)
{
	bool is_process = change->kind == LEFTOVERS_PROCESS;

	list->items = xreallocarray(list->items, list->n + 1, sizeof(*list->items));
	list->items[list->n++] = (struct leftover){
		.pid = is_process ? change->pid : 0,
		.pidfd = -1,
		.path = is_process ? NULL : xstrdup(change->path),
		.fd = fd,
		.shared = change->shared,
	};
}

static void forget(struct leftovers *list, pid_t pid)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].pid == pid)
			list->items[i].pid = 0;
}

static void drop(struct leftovers *list)
{
	struct leftover *last;

	if (!list->n)
		return;
	last = &list->items[--list->n];
	if (last->pidfd >= 0)
		close(last->pidfd);
	if (last->fd >= 0)
		close(last->fd);
	free(last->path);
}

void leftovers_apply(struct leftovers *list, const struct leftovers_change *change, int fd)
{
	if (change->kind == LEFTOVERS_FORGET)
		forget(list, change->pid);
	else if (change->kind == LEFTOVERS_DROP)
		drop(list);
	else
		add(list, change, fd);
}

void leftovers_undo(const struct leftover *left)
{
	if (left->fd < 0)
		file_remove_tree(left->path);
	else
		shared_tell(left->path, shared_take_back(left->fd, &left->shared));
}

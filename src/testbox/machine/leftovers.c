// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/leftovers.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/testbox/machine/shared.h"

#include <string.h>

static void add(struct leftovers *list, const struct leftovers_change *change)
{
	bool is_process = change->kind == LEFTOVERS_PROCESS;

	list->items = xreallocarray(list->items, list->n + 1, sizeof(*list->items));
	list->items[list->n++] = (struct leftover){
		.pid = is_process ? change->pid : 0,
		.pidfd = -1,
		.path = is_process ? NULL : xstrdup(change->path),
		.shared = change->kind == LEFTOVERS_SHARED,
		.mode = change->mode,
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
	free(last->path);
}

void leftovers_apply(struct leftovers *list, const struct leftovers_change *change)
{
	if (change->kind == LEFTOVERS_FORGET)
		forget(list, change->pid);
	else if (change->kind == LEFTOVERS_DROP)
		drop(list);
	else
		add(list, change);
}

void leftovers_undo(const struct leftover *left)
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

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/booted/tree_pending.h"

#include "src/common/macro.h"

#include <errno.h>

#define BYTES_MOST ((uint64_t)64 << 20) /* so much is copied again after a power cut */

static void drop(struct tree_pending *pending)
{
	for (size_t i = 0; i < pending->n; i++)
		close(pending->files[i].fd);
	pending->n = 0;
	pending->bytes = 0;
}

int tree_pending_settle(struct tree_pending *pending)
{
	int r = 0;

	if (pending->n && syncfs(pending->files[0].fd) < 0)
		r = -errno;
	for (size_t i = 0; i < pending->n; i++)
		if (r == 0 && futimens(pending->files[i].fd, pending->files[i].times) < 0)
			r = -errno;
	drop(pending);
	return r;
}

int tree_pending_add(struct tree_pending *pending, int fd, const struct stat *st)
{
	pending->files[pending->n].fd = fd;
	pending->files[pending->n].times[0] = st->st_atim;
	pending->files[pending->n].times[1] = st->st_mtim;
	pending->n++;
	pending->bytes += (uint64_t)st->st_size;
	if (pending->n < ARRAY_SIZE(pending->files) && pending->bytes < BYTES_MOST)
		return 0;
	return tree_pending_settle(pending);
}

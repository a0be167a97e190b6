// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/newroot/hardlinks.h"

#include "src/common/mem.h"

#include <errno.h>

/* Returns the pointer to the entry for `ino`, or to the NULL at the end of the list. */
static struct hardlink **find(struct hardlinks *links, ino_t ino)
{
	struct hardlink **link = &links->buckets[ino % HARDLINK_BUCKETS];

	while (*link && (*link)->ino != ino)
		link = &(*link)->next;
	return link;
}

static void take_out(struct hardlinks *links, struct hardlink **link)
{
	struct hardlink *one = *link;

	*link = one->next;
	close(one->fd);
	free(one);
	links->n--;
}

void hardlinks_add(struct hardlinks *links, const struct stat *st, bool stays, int fd)
{
	struct hardlink **link = &links->buckets[st->st_ino % HARDLINK_BUCKETS];
	struct hardlink *one = xcalloc(1, sizeof(*one));

	*one = (struct hardlink){
		.next = *link,
		.ino = st->st_ino,
		.left = st->st_nlink - 1,
		.stays = stays,
		.fd = fd,
	};
	*link = one;
	links->n++;
}

int hardlinks_find(const struct hardlinks *links, const struct stat *st)
{
	const struct hardlink *one = links->buckets[st->st_ino % HARDLINK_BUCKETS];

	while (one && one->ino != st->st_ino)
		one = one->next;
	return one ? one->fd : -ENOENT;
}

void hardlinks_seen(struct hardlinks *links, const struct stat *st)
{
	struct hardlink **link = find(links, st->st_ino);

	if (*link && --(*link)->left == 0)
		take_out(links, link);
}

void hardlinks_forget(struct hardlinks *links, const struct stat *st)
{
	struct hardlink **link = find(links, st->st_ino);

	if (*link)
		take_out(links, link);
}

void hardlinks_forget_staying(struct hardlinks *links)
{
	for (size_t i = 0; i < HARDLINK_BUCKETS; i++) {
		struct hardlink **link = &links->buckets[i];

		while (*link) {
			if ((*link)->stays)
				take_out(links, link);
			else
				link = &(*link)->next;
		}
	}
}

void hardlinks_done(struct hardlinks *links)
{
	for (size_t i = 0; i < HARDLINK_BUCKETS; i++) {
		while (links->buckets[i])
			take_out(links, &links->buckets[i]);
	}
}

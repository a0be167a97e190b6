/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the payload copier share. */
#ifndef ROOTOVL_PAYLOAD_INTERNAL_H
#define ROOTOVL_PAYLOAD_INTERNAL_H

#include "src/rootovl/newroot/contents.h"
#include "src/rootovl/newroot/hardlinks.h"
#include "src/rootovl/newroot/rootdir.h"
#include "src/rootovl/payload/payload.h"

/* One run of payload_copy(). */
struct copier {
	struct newroot *source; /* the initramfs, as a root of one layer */
	struct newroot *root;
	struct payload_stats *stats;
	struct failure *f;
	struct hardlinks links;
	size_t links_max; /* so many have a descriptor to spare */
	char *buffer;	  /* COPY_BUFFER bytes */
	dev_t dev;	  /* what lies on another device is a mount, and not the payload */
	bool xattrs;	  /* the source may have some */

	const struct payload_rule *rule; /* its source has no links on the way */
	char path[PATH_MAX];		 /* of the object being copied, in the source */
	size_t len;
};

/* One object of the source and the place it goes to. */
struct object {
	int dir; /* the descriptor of its directory */
	const char *name;
	struct rootdir *to;
	const char *to_name;
	bool move;
};

/* payload_walk.c: the path that c is at, and copying what is there, whatever it is. */
int path_push(struct copier *c, const char *name);
void path_pop(struct copier *c, size_t len);
int copy_any(struct copier *c, const struct object *o, unsigned char type);

/* payload_object.c: copies what is not a directory, and unlinks it if it moves. */
int copy_object(struct copier *c, const struct object *o, unsigned char type);

/* Records that the object at c->path could not be read, or not be put into the new root. */
int fail_source(struct copier *c, int r);
int fail_put(struct copier *c, int r);

#endif

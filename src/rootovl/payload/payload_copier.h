/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holds the state of one run of the payload copier, and records its failures. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/newroot/hardlinks.h"
#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/newroot/rootdir.h"
#include "src/rootovl/payload/payload.h"

#include <limits.h>

/* The state of one payload_copy(). */
struct copier {
	struct newroot *source; /* the initramfs, as a new root with one layer */
	struct newroot *root;
	struct payload_stats *stats;
	struct failure *f;
	struct hardlinks links;
	size_t links_max; /* the most hard links that are kept open */
	char *buffer;	  /* COPY_BUFFER bytes */
	dev_t dev;	  /* objects on another device belong to a mount, not to the payload */
	bool xattrs;	  /* the source may have extended attributes */

	const struct payload_rules *rules; /* all of them */
	const struct payload_rule *rule; /* the current rule; its source has no links on the way */
	char path[PATH_MAX];		 /* path of the current object, in the source */
	size_t len;
};

/* One object of the source, and its destination. */
struct object {
	int dir; /* the descriptor of its directory */
	const char *name;
	struct rootdir *to;
	const char *to_name;
	bool move;
};

/*
 * Appends `name` to c->path. A path of PATH_MAX bytes or more is a failure: system calls could not
 * take it, and cpio cannot have brought it.
 */
int copier_push(struct copier *c, const char *name);
/* Cuts c->path back to `len` bytes. */
void copier_pop(struct copier *c, size_t len);

/* Records that the object at c->path could not be read. Returns `r`, which is -errno. */
int copier_fail_source(struct copier *c, int r);
/*
 * Records that the object at c->path could not be written to the new root. Returns `r`, which is
 * -errno.
 */
int copier_fail_put(struct copier *c, int r);

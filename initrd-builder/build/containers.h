/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The containers of a run, one for each architecture, found when they are first asked for. */
#ifndef BUILDER_CONTAINERS_H
#define BUILDER_CONTAINERS_H

#include "initrd-builder/build/engine.h"

struct containers {
	const char *engine, *image; /* see container_find(); NULL: not told */
	struct container **list;
	size_t n;
};

/*
 * The container of an architecture, a static name. It stays `containers`' own. A failure is not
 * kept: the next call looks again.
 */
int containers_get(struct containers *containers, const char *arch, const struct container **ret,
		   struct failure *f);
void containers_done(struct containers *containers);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The containers of a run, one for each architecture, found when they are first needed. */
#pragma once

#include "initrd-builder/build/engine.h"
#include "src/common/failure.h"

/* Where userspaces come from. */
struct container {
	const struct engine *engine;
	const char *arch; /* of its programs; static */
	char *image;	  /* its name; NULL: this machine's own */
	char *id;	  /* what it is */
};

struct containers {
	/* The engine and the image to take. NULL: the first engine that has the image, else this
	 * machine; the image that `make container` makes for the architecture. */
	const char *engine, *image;
	struct container **list;
	size_t n;
};

/*
 * The container of an architecture, a static name. It stays `containers`' own. An image that
 * another rootovl made, or of another architecture, is a failure. A failure is not kept: the next
 * call looks again.
 */
int containers_get(struct containers *containers, const char *arch, const struct container **ret,
		   struct failure *f);
void containers_done(struct containers *containers);

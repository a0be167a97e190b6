/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The images that an iPXE script has fetched, the kernel among them, in order. */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <stddef.h>

/* By this name Linux asks iPXE, under UEFI, for all initrds in one. */
#define INITRD_MAGIC "initrd.magic"

struct script_image {
	char *name;
	char *url;
	bool kernel; /* the one that `boot` starts; at most one is */
};

struct script_images {
	struct script_image *list;
	size_t n;
};

/* Adds the image at `reference`, a URL relative to `base`; `name` NULL: the URL's last part. */
int script_images_add(struct script_images *images, const char *base, const char *name,
		      const char *reference, struct failure *f);

/* The first image of this name, or NULL; it stays valid until the list changes. */
struct script_image *script_images_find(const struct script_images *images, const char *name);

/* Makes the image the kernel, and no other one. */
void script_images_choose(struct script_images *images, struct script_image *image);

/* The kernel, or NULL. */
const struct script_image *script_images_kernel(const struct script_images *images);

/* Is it an initrd that Linux gets: an image but the kernel, or all of them? */
bool script_images_has_initrd(const struct script_images *images, const char *name);

void script_images_drop(struct script_images *images, struct script_image *image);
void script_images_done(struct script_images *images);

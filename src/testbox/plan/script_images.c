// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/script_images.h"

#include "src/common/mem.h"
#include "src/common/url.h"

#include <stdlib.h>
#include <string.h>

int script_images_add(struct script_images *images, const char *base, const char *name,
		      const char *reference, struct failure *f)
{
	char *url;

	if (url_resolve(base, reference, &url, f) < 0)
		return -f->code;
	images->list = xreallocarray(images->list, images->n + 1, sizeof(*images->list));
	images->list[images->n++] = (struct script_image){
		.name = name ? xstrdup(name) : url_basename(url),
		.url = url,
	};
	return 0;
}

struct script_image *script_images_find(const struct script_images *images, const char *name)
{
	for (size_t i = 0; i < images->n; i++)
		if (!strcmp(images->list[i].name, name))
			return &images->list[i];
	return NULL;
}

void script_images_choose(struct script_images *images, struct script_image *image)
{
	for (size_t i = 0; i < images->n; i++)
		images->list[i].kernel = &images->list[i] == image;
}

const struct script_image *script_images_kernel(const struct script_images *images)
{
	for (size_t i = 0; i < images->n; i++)
		if (images->list[i].kernel)
			return &images->list[i];
	return NULL;
}

bool script_images_has_initrd(const struct script_images *images, const char *name)
{
	for (size_t i = 0; i < images->n; i++)
		if (!images->list[i].kernel &&
		    (!strcmp(images->list[i].name, name) || !strcmp(INITRD_MAGIC, name)))
			return true;
	return false;
}

void script_images_drop(struct script_images *images, struct script_image *image)
{
	size_t i = (size_t)(image - images->list);

	free(image->name);
	free(image->url);
	images->n--;
	memmove(image, image + 1, (images->n - i) * sizeof(*image));
}

void script_images_done(struct script_images *images)
{
	while (images->n)
		script_images_drop(images, &images->list[images->n - 1]);
	free(images->list);
	*images = (struct script_images){ 0 };
}

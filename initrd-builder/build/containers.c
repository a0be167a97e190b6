// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/containers.h"

#include "src/common/mem.h"

#include <errno.h>
#include <string.h>

int containers_get(struct containers *containers, const char *arch, const struct container **ret,
		   struct failure *f)
{
	struct container found = { 0 };
	int r;

	for (size_t i = 0; i < containers->n; i++) {
		if (strcmp(containers->list[i]->arch, arch) == 0) {
			*ret = containers->list[i];
			return 0;
		}
	}
	r = container_find(containers->engine, containers->image, arch, &found, f);
	if (r < 0)
		return r;
	containers->list =
		xreallocarray(containers->list, containers->n + 1, sizeof(*containers->list));
	containers->list[containers->n] = xcalloc(1, sizeof(found));
	*containers->list[containers->n] = found;
	*ret = containers->list[containers->n++];
	return 0;
}

void containers_done(struct containers *containers)
{
	for (size_t i = 0; i < containers->n; i++) {
		container_done(containers->list[i]);
		free(containers->list[i]);
	}
	free(containers->list);
	*containers = (struct containers){ 0 };
}

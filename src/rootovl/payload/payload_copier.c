// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/payload/payload_copier.h"

#include <errno.h>
#include <string.h>

/* Limits a path in a message, in bytes. */
#define TOLD_MAX 200

int copier_fail_source(struct copier *c, int r)
{
	return fail_errno(c->f, -r, NULL, "payload %.*s", TOLD_MAX, c->path);
}

int copier_fail_put(struct copier *c, int r)
{
	const char *source = c->rule->source, *dest = c->rule->dest;
	const char *below = c->path + (source[1] ? strlen(source) : 0);

	if (strcmp(source, dest) == 0)
		return newroot_fail(c->root, c->f, -r, "payload %.*s", TOLD_MAX, c->path);
	if (dest[1] == '\0' && *below)
		dest = "";
	return newroot_fail(c->root, c->f, -r, "payload %.*s to %s%.*s", TOLD_MAX, c->path, dest,
			    TOLD_MAX, below);
}

int copier_push(struct copier *c, const char *name)
{
	size_t slash = c->len && c->path[c->len - 1] != '/';
	size_t len = strlen(name);

	if (c->len + slash + len >= sizeof(c->path))
		return fail(c->f, ENAMETOOLONG, NULL,
			    "payload %.*s…: a path in it is longer than %d bytes", TOLD_MAX,
			    c->path, PATH_MAX - 1);
	if (slash)
		c->path[c->len++] = '/';
	memcpy(c->path + c->len, name, len + 1);
	c->len += len;
	return 0;
}

void copier_pop(struct copier *c, size_t len)
{
	c->path[len] = '\0';
	c->len = len;
}

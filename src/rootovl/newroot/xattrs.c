// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/newroot/xattrs.h"

#include "src/common/mem.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/types.h>
#include <sys/xattr.h>

/* Names an object: an open file, or a path whose last component is not followed. */
struct object {
	int fd;
	const char *path; /* NULL: use the descriptor */
};

static ssize_t list(const struct object *o, char *names, size_t size)
{
	return o->path ? llistxattr(o->path, names, size) : flistxattr(o->fd, names, size);
}

static ssize_t get(const struct object *o, const char *name, void *value, size_t size)
{
	return o->path ? lgetxattr(o->path, name, value, size)
		       : fgetxattr(o->fd, name, value, size);
}

static int set(const struct object *o, const char *name, const void *value, size_t size)
{
	return o->path ? lsetxattr(o->path, name, value, size, 0)
		       : fsetxattr(o->fd, name, value, size, 0);
}

static int copy_one(const struct object *from, const struct object *to, const char *name,
		    uint64_t *skipped)
{
	auto_free char *value = NULL;
	ssize_t size = get(from, name, NULL, 0);

	if (size > 0) {
		value = xcalloc((size_t)size, 1);
		size = get(from, name, value, (size_t)size);
	}
	if (size >= 0 && set(to, name, value, (size_t)size) == 0)
		return 0;
	/* Some servers list attributes that they then refuse to read. */
	if (errno != EOPNOTSUPP && (size >= 0 || (errno != ENODATA && errno != EACCES)))
		return -errno;
	++*skipped;
	return 0;
}

/*
 * Returns whether an attribute is skipped unread. No local file system supports the NFSv4 ones, and
 * each read would cost a round trip to the server.
 */
static bool is_never_copied(const char *name)
{
	static const char *const prefixes[] = { "trusted.overlay.", "system.nfs4_" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

static int copy_listed(const struct object *from, const struct object *to, ssize_t size,
		       uint64_t *skipped)
{
	auto_free char *names = xcalloc((size_t)size, 1);
	int r;

	size = list(from, names, (size_t)size);
	if (size < 0)
		return -errno;
	for (const char *name = names; name < names + size; name += strlen(name) + 1) {
		if (is_never_copied(name)) {
			++*skipped;
			continue;
		}
		r = copy_one(from, to, name, skipped);
		if (r < 0)
			return r;
	}
	return 0;
}

static int copy(const struct object *from, const struct object *to, uint64_t *skipped)
{
	ssize_t size = list(from, NULL, 0);

	if (size > 0)
		return copy_listed(from, to, size, skipped);
	if (size == 0 || errno == EOPNOTSUPP || (from->path && errno == ENOENT))
		return 0;
	return -errno;
}

int xattrs_copy(int from, int to, uint64_t *skipped)
{
	struct object a = { .fd = from }, b = { .fd = to };

	return copy(&a, &b, skipped);
}

int xattrs_copy_at(int from_dir, const char *from, int to_dir, const char *to, uint64_t *skipped)
{
	char from_path[sizeof("/proc/self/fd//") + 10 + NAME_MAX];
	char to_path[sizeof(from_path)];
	struct object a = { .fd = -1, .path = from_path }, b = { .fd = -1, .path = to_path };

	snprintf(from_path, sizeof(from_path), "/proc/self/fd/%d/%s", from_dir, from);
	snprintf(to_path, sizeof(to_path), "/proc/self/fd/%d/%s", to_dir, to);
	return copy(&a, &b, skipped);
}

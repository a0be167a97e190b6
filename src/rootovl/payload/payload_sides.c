// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/payload/payload_sides.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/newroot/rootdir_resolve.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

/*
 * Opens the directory of `path`, and finds the last name, if no link is on the way; otherwise *ret
 * is NULL.
 */
static int enter_above(struct copier *c, const char *path, struct rootdir **ret,
		       char name[NAME_MAX + 1])
{
	auto_rootdir struct rootdir *dir = NULL;
	auto_free char *above = NULL, *real = NULL;
	int r = rootdir_resolve(c->source->root, path, false, &dir, name);

	*ret = NULL;
	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR || r == -ELOOP ? 0 : r;
	above = rootdir_path(dir);
	real = xasprintf("%s/%s", above[1] ? above : "", name);
	if (strcmp(real, path) == 0)
		*ret = STEAL(dir);
	return 0;
}

static int look(void *arg, const char *source, enum payload_type *ret, char **ret_target)
{
	struct copier *c = arg;
	auto_rootdir struct rootdir *dir = NULL;
	char name[NAME_MAX + 1];
	struct stat st;
	int r = enter_above(c, source, &dir, name);

	*ret = PAYLOAD_NOTHING;
	if (r < 0 || !dir)
		return r;
	if (fstatat(dir->lower, name, &st, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) < 0)
		return errno == ENOENT ? 0 : -errno;
	/* A mount does not belong to the payload. */
	if (st.st_dev != c->dev)
		return 0;
	*ret = S_ISDIR(st.st_mode)   ? PAYLOAD_DIR
	       : S_ISLNK(st.st_mode) ? PAYLOAD_LINK
				     : PAYLOAD_OTHER;
	return *ret == PAYLOAD_LINK ? file_readlink(dir->lower, name, ret_target) : 0;
}

/* The state of a search for links. The path is that of the copier. */
struct search {
	struct copier *c;
	payload_links_each *each;
	void *arg;
};

static int search_object(const struct search *s, int dir, const char *name, unsigned char type);

static int search_dir(const struct search *s, int dir, const char *name)
{
	int fd = openat(dir, name, DIR_FLAGS), r = 0;
	auto_dir DIR *in = fd >= 0 ? fdopendir(fd) : NULL;
	size_t len = s->c->len;
	const struct dirent *d;
	struct stat st;

	if (!in || fstat(fd, &st) < 0)
		return copier_fail_source(s->c, -errno);
	if (st.st_dev != s->c->dev)
		return 0;
	while (r == 0 && (errno = 0, d = readdir(in))) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 ||
		    (d->d_type != DT_DIR && d->d_type != DT_LNK && d->d_type != DT_UNKNOWN))
			continue;
		r = copier_push(s->c, d->d_name);
		if (r == 0)
			r = search_object(s, fd, d->d_name, d->d_type);
		if (r == 0)
			copier_pop(s->c, len);
	}
	return r == 0 && errno ? copier_fail_source(s->c, -errno) : r;
}

static int search_object(const struct search *s, int dir, const char *name, unsigned char type)
{
	auto_free char *target = NULL, *path = NULL;
	struct stat st;
	int r;

	if (type == DT_UNKNOWN) {
		if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return copier_fail_source(s->c, -errno);
		type = IFTODT(st.st_mode);
	}
	if (type == DT_DIR)
		return search_dir(s, dir, name);
	if (type != DT_LNK)
		return 0;
	r = file_readlink(dir, name, &target);
	if (r < 0)
		return copier_fail_source(s->c, r);
	path = xstrdup(s->c->path);
	return s->each(s->arg, path, target);
}

static int find_links(void *arg, const char *source, payload_links_each *each, void *each_arg)
{
	struct copier *c = arg;
	const struct search s = { c, each, each_arg };
	auto_rootdir struct rootdir *dir = NULL;
	char name[NAME_MAX + 1];
	enum payload_type type;
	auto_free char *target = NULL;
	int r = look(arg, source, &type, &target);

	if (r < 0 || type == PAYLOAD_NOTHING)
		return r;
	r = enter_above(c, source, &dir, name);
	if (r < 0)
		return r;
	copier_pop(c, 0);
	r = copier_push(c, source);
	if (r == 0)
		r = search_object(&s, dir->lower, name[0] ? name : ".", DT_UNKNOWN);
	return r;
}

static int has_dir(void *arg, const char *dest, bool *ret)
{
	struct copier *c = arg;
	struct stat st;
	int r = newroot_stat(c->root, dest, false, &st);

	*ret = r == 0 && S_ISDIR(st.st_mode);
	return r == -ENOENT || r == -ENOTDIR || r == -ELOOP ? 0 : r;
}

struct payload_sides payload_sides(struct copier *c)
{
	return (struct payload_sides){ c, look, find_links, has_dir };
}

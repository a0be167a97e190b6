// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/payload/payload_walk.h"

#include "src/rootovl/newroot/rootdir_write.h"
#include "src/rootovl/newroot/xattrs.h"
#include "src/rootovl/payload/payload_object.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Returns whether a later rule needs the object at c->path. */
static bool is_kept(const struct copier *c)
{
	for (char **keep = c->rule->keep; keep && *keep; keep++) {
		if (strcmp(*keep, c->path) == 0)
			return true;
	}
	return false;
}

static int copy_children(struct copier *c, DIR *from, struct rootdir *to, bool move)
{
	size_t len = c->len;
	const struct dirent *d;
	int r = 0;

	while (r == 0 && (errno = 0, d = readdir(from))) {
		struct object o = {
			.dir = dirfd(from),
			.name = d->d_name,
			.to = to,
			.to_name = d->d_name,
		};

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		r = copier_push(c, d->d_name);
		if (r < 0)
			return r;
		o.move = move && !is_kept(c);
		r = payload_walk(c, &o, d->d_type);
		if (r == 0)
			copier_pop(c, len);
	}
	return r == 0 && errno ? copier_fail_source(c, -errno) : r;
}

/* Applies the metadata of the payload's directory to the one in the new root. */
static int dress(struct copier *c, int from, const struct stat *st, struct rootdir *to, bool made)
{
	int r = rootdir_give(to->parent, to->upper, st, made ? 0755 : MODE_UNKNOWN);

	if (r == 0 && c->xattrs)
		r = xattrs_copy(from, to->upper, &c->stats->xattrs_skipped);
	to->times[0] = st->st_atim;
	to->times[1] = st->st_mtim;
	to->keep_times = true;
	return r;
}

/* Opens or creates the directory in the new root; the root itself has an empty name. */
static int enter(struct copier *c, const struct object *o, struct rootdir **ret, bool *ret_made)
{
	bool replace = c->rule->mode == PAYLOAD_TREE;

	if (o->to_name[0])
		return rootdir_enter(o->to, o->to_name, replace ? ENTER_REPLACE : ENTER_MISSING,
				     ret, ret_made);
	*ret = rootdir_ref(o->to);
	*ret_made = false;
	return 0;
}

/*
 * Copies a directory. One that the lower has keeps its metadata. One of the payload gets owner,
 * mode and attributes after its contents, so that its contents do not inherit them.
 */
static int copy_dir(struct copier *c, const struct object *o)
{
	int fd = openat(o->dir, o->name, DIR_FLAGS);
	auto_dir DIR *from = fd >= 0 ? fdopendir(fd) : NULL;
	auto_rootdir struct rootdir *to = NULL;
	struct stat st;
	bool made;
	int r;

	if (!from || fstat(fd, &st) < 0)
		return copier_fail_source(c, -errno);
	if (st.st_dev != c->dev)
		return 0;
	r = enter(c, o, &to, &made);
	if (r == -EEXIST && c->rule->mode == PAYLOAD_MISSING)
		return 0;
	if (r < 0)
		return copier_fail_put(c, r);
	r = copy_children(c, from, to, o->move);
	if (r < 0)
		return r;
	c->stats->dirs++;
	if (made || (c->rule->mode == PAYLOAD_TREE && to->lower < 0 && to->parent)) {
		r = dress(c, fd, &st, to, made);
		if (r < 0)
			return copier_fail_put(c, r);
	}
	/* The directory may have a mount, or an object that a later rule needs. */
	if (o->move && unlinkat(o->dir, o->name, AT_REMOVEDIR) < 0 && errno != ENOTEMPTY &&
	    errno != EBUSY)
		return copier_fail_source(c, -errno);
	return 0;
}

int payload_walk(struct copier *c, const struct object *o, unsigned char type)
{
	struct stat st;

	if (type == DT_UNKNOWN) {
		if (fstatat(o->dir, o->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return copier_fail_source(c, -errno);
		type = IFTODT(st.st_mode);
	}
	return type == DT_DIR ? copy_dir(c, o) : payload_object_copy(c, o, type);
}

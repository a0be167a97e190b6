// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/payload/payload_object.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/newroot/contents.h"
#include "src/rootovl/newroot/rootdir_write.h"
#include "src/rootovl/newroot/xattrs.h"
#include "src/rootovl/plan/payload_links.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>

/* Files of this size or more are moved piece by piece. */
#define MOVE_IN_PIECES ((off_t)16 << 20)

/*
 * Creates an object in the new root. Returns -EEXIST if the root has an object there that is kept,
 * or -EISDIR if that is a directory.
 */
static int put(struct copier *c, const struct object *o, const struct stat *st, rootdir_make *make,
	       const void *what)
{
	enum room room = c->rule->mode != PAYLOAD_TREE ? ROOM_NONE
			 : S_ISLNK(st->st_mode)	       ? ROOM_NO_DIR
						       : ROOM_ALL;

	return rootdir_place(o->to, o->to_name, room, make, what);
}

static int link_copy(int dirfd, const char *name, const void *what)
{
	const int *copy = what;

	return linkat(*copy, "", dirfd, name, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

/*
 * Links the object to a copy of the same inode. Returns 1 if that is done. Returns 0 if the object
 * has to be copied: it is the first name, or its copy is gone or has too many names.
 */
static int link_to_copy(struct copier *c, const struct object *o, const struct stat *st)
{
	int copy = hardlinks_find(&c->links, st);
	int r;

	if (copy < 0)
		return 0;
	r = put(c, o, st, link_copy, &copy);
	if (r == -ENOENT || r == -EMLINK || r == -EPERM) {
		hardlinks_forget(&c->links, st);
		return 0;
	}
	if (r == 0 || r == -EEXIST)
		hardlinks_seen(&c->links, st);
	return r < 0 ? r : 1;
}

/*
 * Keeps the copy open for its other names. Without a free descriptor, these names become separate
 * copies.
 */
static int remember_copy(struct copier *c, const struct object *o, const struct stat *st)
{
	int fd;

	if (c->links.n >= c->links_max)
		return 0;
	fd = openat(o->to->upper, o->to_name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	hardlinks_add(&c->links, st, !o->move, fd);
	return 0;
}

static int set_times(const struct stat *st, int fd, const char *name)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	int r = name ? utimensat(fd, name, times, AT_SYMLINK_NOFOLLOW) : futimens(fd, times);

	return r < 0 ? -errno : 0;
}

/* Copies or moves the contents of the file. After a failure, the source may be truncated. */
static int fill(struct copier *c, const struct object *o, const struct stat *st, int from, int to)
{
	auto_close int writable = -1;

	/* Another name of the file may still have to be read. */
	if (o->move && st->st_size > MOVE_IN_PIECES && st->st_nlink == 1)
		writable = openat(o->dir, o->name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (writable >= 0)
		return contents_move(writable, to, st, c->buffer);
	return contents_copy(from, to, st, c->buffer, NULL, NULL);
}

static int copy_file(struct copier *c, const struct object *o, struct stat *st)
{
	auto_close int from = -1, to = -1;
	mode_t mode;
	int r;

	from = openat(o->dir, o->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (from < 0 || fstat(from, st) < 0)
		return -errno;
	r = link_to_copy(c, o, st);
	if (r)
		return r < 0 ? r : 0;
	mode = st->st_mode & 07777;
	to = put(c, o, st, rootdir_make_file, &mode);
	if (to < 0)
		return to;
	r = fill(c, o, st, from, to);
	if (r == 0)
		r = rootdir_give(o->to, to, st, mode);
	if (r == 0 && c->xattrs)
		r = xattrs_copy(from, to, &c->stats->xattrs_skipped);
	if (r == 0)
		r = set_times(st, to, NULL);
	if (r == 0)
		c->stats->bytes += (uint64_t)st->st_size;
	return r;
}

static int make_node(int dirfd, const char *name, const void *what)
{
	const struct stat *st = what;

	return mknodat(dirfd, name, st->st_mode, st->st_rdev) < 0 ? -errno : 0;
}

static int make_other(struct copier *c, const struct object *o, const struct stat *st)
{
	auto_free char *target = NULL;
	int r;

	if (!S_ISLNK(st->st_mode))
		return put(c, o, st, make_node, st);
	r = file_readlink(o->dir, o->name, &target);
	return r < 0 ? r : put(c, o, st, rootdir_make_link, target);
}

/* Copies a link, device, fifo or socket. */
static int copy_other(struct copier *c, const struct object *o, struct stat *st)
{
	int r;

	if (fstatat(o->dir, o->name, st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	r = link_to_copy(c, o, st);
	if (r)
		return r < 0 ? r : 0;
	r = make_other(c, o, st);
	if (r == 0)
		r = rootdir_give_at(o->to, o->to_name, st);
	if (r == 0 && c->xattrs)
		r = xattrs_copy_at(o->dir, o->name, o->to->upper, o->to_name,
				   &c->stats->xattrs_skipped);
	return r < 0 ? r : set_times(st, o->to->upper, o->to_name);
}

/*
 * Returns whether the object is a whiteout: this device in the upper hides the name. It has no
 * other use.
 */
static bool is_whiteout(const struct object *o)
{
	struct stat st;

	return fstatat(o->dir, o->name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISCHR(st.st_mode) &&
	       st.st_rdev == makedev(0, 0);
}

/* Removes a moved object. A busy object is a mount point, and stays. */
static int remove_moved(struct copier *c, const struct object *o)
{
	if (o->move && unlinkat(o->dir, o->name, 0) < 0 && errno != EBUSY)
		return copier_fail_source(c, -errno);
	return 0;
}

int payload_object_leave_link(struct copier *c, const struct object *o)
{
	auto_free char *dest = payload_links_dest(c->rule, c->path), *target = NULL;
	struct payload_stats *stats = c->stats;
	int r;

	if (payload_links_followed(c->rules, c->path, dest)) {
		stats->links_followed++;
		return remove_moved(c, o);
	}
	if (c->rule->mode == PAYLOAD_MISSING)
		return 0;
	r = file_readlink(o->dir, o->name, &target);
	if (r < 0)
		return copier_fail_source(c, r);
	/* Objects that the command line names are never skipped. */
	if (c->rule->asked && strcmp(c->path, c->rule->source) == 0)
		return fail(c->f, EISDIR, "name the directory itself",
			    "rootovl.copy=%s: the link leads to no directory of the payload, and "
			    "the root has the directory %s",
			    c->path, dest);
	if (stats->links_left_out++ < PAYLOAD_WARNINGS_MAX)
		strv_add(&stats->warnings, payload_links_left_out(c->path, target, dest));
	return remove_moved(c, o);
}

int payload_object_copy(struct copier *c, const struct object *o, unsigned char type)
{
	struct stat st;
	int r;

	if (type == DT_CHR && is_whiteout(o))
		return fail(c->f, EPERM, "take it out of the payload",
			    "payload %s: the device 0:0 is a whiteout of the overlay", c->path);
	r = type == DT_REG ? copy_file(c, o, &st) : copy_other(c, o, &st);
	if (type == DT_LNK && (r == -EISDIR || (r == -EEXIST && c->rule->mode == PAYLOAD_MISSING)))
		return payload_object_leave_link(c, o);
	if (r == -EEXIST && c->rule->mode == PAYLOAD_MISSING)
		return 0;
	if (r == 0 && st.st_nlink > 1 && hardlinks_find(&c->links, &st) < 0)
		r = remember_copy(c, o, &st);
	if (r < 0)
		return copier_fail_put(c, r);
	if (type == DT_REG)
		c->stats->files++;
	else
		c->stats->others++;
	return remove_moved(c, o);
}

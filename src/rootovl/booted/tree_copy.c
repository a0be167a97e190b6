// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/booted/tree_copy.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/booted/tree_pending.h"
#include "src/rootovl/disk/disk_dirs.h"
#include "src/rootovl/newroot/contents.h"
#include "src/rootovl/newroot/hardlinks.h"
#include "src/rootovl/newroot/xattrs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/xattr.h>

#define TOLD_MAX 200 /* bytes of a path in a message */

struct copying {
	dev_t dev; /* of the source: what lies on another is a mount */
	tree_room room;
	void *arg;
	struct tree_count *count;
	struct failure *f;
	bool told; /* the failure says all */
	struct hardlinks links;
	size_t links_max;
	struct tree_pending pending;
	uint64_t xattrs_skipped;
	char *buffer;
	char path[PATH_MAX]; /* below the top, for messages */
	size_t len;
};

/* One object: its directory in both trees, its name in both, and what the source says of it. */
struct object {
	int from, to;
	const char *name;
	struct stat st;
};

static int fail_at(struct copying *c, int r)
{
	return c->told ? r : fail_errno(c->f, -r, NULL, "copying /%.*s", TOLD_MAX, c->path);
}

static int ask_room(void *arg, uint64_t more)
{
	struct copying *c = arg;
	int r = c->room(c->arg, c->count, more, c->f);

	c->told |= r < 0;
	return r;
}

/*
 * Removes an old object that is of another type or version. A directory cannot be part of a copy of
 * the same lower, and is refused.
 */
static int clear(const struct object *o)
{
	return unlinkat(o->to, o->name, 0) < 0 && errno != ENOENT ? -errno : 0;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* Returns whether the copy of the object exists and is complete. */
static bool is_there(const struct object *o)
{
	const struct stat *st = &o->st;
	char target[2][PATH_MAX];
	struct stat is;
	ssize_t len[2];

	if (fstatat(o->to, o->name, &is, AT_SYMLINK_NOFOLLOW) < 0 || is.st_mode != st->st_mode ||
	    is.st_uid != st->st_uid || is.st_gid != st->st_gid || is.st_rdev != st->st_rdev ||
	    !same_time(&is.st_mtim, &st->st_mtim))
		return false;
	if (S_ISREG(st->st_mode))
		return is.st_size == st->st_size;
	if (!S_ISLNK(st->st_mode))
		return true;
	len[0] = readlinkat(o->from, o->name, target[0], PATH_MAX);
	len[1] = readlinkat(o->to, o->name, target[1], PATH_MAX);
	return len[0] >= 0 && len[0] == len[1] && !memcmp(target[0], target[1], (size_t)len[0]);
}

/* Links the object to its copy. Returns 1 if that is done, 0 if it needs a separate copy. */
static int link_to_copy(struct copying *c, const struct object *o)
{
	int copy = hardlinks_find(&c->links, &o->st), r;
	struct stat is, there;

	if (copy < 0)
		return 0;
	if (fstat(copy, &is) < 0)
		return -errno;
	if (fstatat(o->to, o->name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    there.st_ino == is.st_ino) {
		hardlinks_seen(&c->links, &o->st);
		return 1;
	}
	r = clear(o);
	if (r == 0 && linkat(copy, "", o->to, o->name, AT_EMPTY_PATH) < 0)
		r = -errno;
	if (r == -EMLINK || r == -ENOENT) {
		hardlinks_forget(&c->links, &o->st);
		return 0;
	}
	if (r == 0)
		hardlinks_seen(&c->links, &o->st);
	return r < 0 ? r : 1;
}

static int remember_copy(struct copying *c, const struct object *o)
{
	int fd;

	if (o->st.st_nlink < 2 || c->links.n >= c->links_max)
		return 0;
	fd = openat(o->to, o->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	hardlinks_add(&c->links, &o->st, true, fd);
	return 0;
}

/*
 * Applies the metadata of the source. The mode comes after the owner, because chown(2) clears
 * setuid.
 */
static int apply_metadata(struct copying *c, int from, int to, const struct stat *st)
{
	if (fchown(to, st->st_uid, st->st_gid) < 0 || fchmod(to, st->st_mode & 07777) < 0)
		return -errno;
	return xattrs_copy(from, to, &c->xattrs_skipped);
}

/* Copies a file. Returns 1 if the file is listed but cannot be opened. */
static int copy_file(struct copying *c, const struct object *o)
{
	auto_close int from =
		openat(o->from, o->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	auto_close int to = -1;
	struct stat opened;
	int r;

	if (from < 0 && errno == ENOENT && strchr(o->name, ':'))
		return 1;
	if (from < 0 || fstat(from, &opened) < 0)
		return -errno;
	if (!S_ISREG(opened.st_mode))
		return -ESTALE;
	r = clear(o);
	if (r < 0)
		return r;
	to = openat(o->to, o->name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to < 0)
		return -errno;
	r = contents_copy(from, to, &o->st, c->buffer, ask_room, c);
	if (r == 0)
		r = apply_metadata(c, from, to, &o->st);
	return r < 0 ? r : tree_pending_add(&c->pending, steal_fd(&to), &o->st);
}

/* Copies a link, device, fifo or socket. */
static int make_other(struct copying *c, const struct object *o)
{
	const struct timespec times[2] = { o->st.st_atim, o->st.st_mtim };
	const mode_t mode = o->st.st_mode;
	auto_free char *target = NULL;
	int r = clear(o);

	if (r == 0 && S_ISLNK(mode))
		r = file_readlink(o->from, o->name, &target);
	if (r < 0)
		return r;
	if ((target ? symlinkat(target, o->to, o->name)
		    : mknodat(o->to, o->name, mode, o->st.st_rdev)) < 0)
		return -errno;
	if (fchownat(o->to, o->name, o->st.st_uid, o->st.st_gid, AT_SYMLINK_NOFOLLOW) < 0 ||
	    (!S_ISLNK(mode) && fchmodat(o->to, o->name, mode & 07777, 0) < 0))
		return -errno;
	r = xattrs_copy_at(o->from, o->name, o->to, o->name, &c->xattrs_skipped);
	if (r == 0 && utimensat(o->to, o->name, times, AT_SYMLINK_NOFOLLOW) < 0)
		r = -errno;
	return r;
}

/*
 * Copies an object that is no directory. Returns 1 for a file that is listed but cannot be opened.
 */
static int copy_leaf(struct copying *c, const struct object *o)
{
	int r = o->st.st_nlink > 1 ? link_to_copy(c, o) : 0;

	if (r < 0)
		return fail_at(c, r);
	if (r > 0)
		return 0;
	if (!is_there(o))
		r = S_ISREG(o->st.st_mode) ? copy_file(c, o) : make_other(c, o);
	if (r == 0)
		r = remember_copy(c, o);
	return r < 0 ? fail_at(c, r) : r;
}

/* One that a broken-off copy made has it, and would give it to what is still to be made. */
static void shed_default_acl(int dir)
{
	(void)fremovexattr(dir, "system.posix_acl_default");
}

static int copy_children(struct copying *c, int from, int to);

static int copy_dir(struct copying *c, const struct object *o)
{
	auto_close int from = openat(o->from, o->name, TREE_DIR_FLAGS);
	auto_close int to = from < 0 ? -errno : disk_dirs_enter(o->to, o->name);
	const struct timespec times[2] = { o->st.st_atim, o->st.st_mtim };
	struct stat st;
	int r;

	if (to < 0)
		return fail_at(c, to);
	shed_default_acl(to);
	/* An automount may happen only when the directory is opened. */
	if (fstat(from, &st) < 0)
		return fail_at(c, -errno);
	if (st.st_dev != c->dev)
		return fail_at(c, -EXDEV);
	r = copy_children(c, from, to);
	if (r < 0)
		return r;
	r = apply_metadata(c, from, to, &o->st);
	if (r == 0 && futimens(to, times) < 0)
		r = -errno;
	return r < 0 ? fail_at(c, r) : 0;
}

/* With the room that the copy takes: the source may be compressed, or say what it likes. */
static void count(struct copying *c, const struct object *o, bool again)
{
	struct stat st = o->st, is;

	if (fstatat(o->to, o->name, &is, AT_SYMLINK_NOFOLLOW) == 0)
		st.st_blocks = is.st_blocks;
	tree_measure_add(c->count, &st, again ? 0 : tree_measure_room(&st));
}

static int copy_any(struct copying *c, const struct object *o)
{
	bool dir = S_ISDIR(o->st.st_mode), again;
	int r;

	if (o->st.st_dev != c->dev && !dir)
		return fail_at(c, -EXDEV);
	/* Another name of a copied inode takes no room. */
	again = !dir && o->st.st_nlink > 1 && hardlinks_find(&c->links, &o->st) >= 0;
	r = ask_room(c, again ? 0 : tree_measure_room(&o->st));
	if (r < 0)
		return r;
	r = dir ? copy_dir(c, o) : copy_leaf(c, o);
	if (r == 0)
		count(c, o, again);
	else if (r > 0)
		c->count->refused++;
	return r < 0 ? r : 0;
}

/* Makes the name a part of the path; one that is too long is none of a root. */
static int path_enter(struct copying *c, const char *name)
{
	size_t len = strlen(name);

	if (c->len + 1 + len >= sizeof(c->path))
		return fail_at(c, -ENAMETOOLONG);
	if (c->len)
		c->path[c->len++] = '/';
	memcpy(c->path + c->len, name, len + 1);
	c->len += len;
	return 0;
}

static int copy_children(struct copying *c, int from, int to)
{
	auto_dir DIR *list = fdopendir(openat(from, ".", TREE_DIR_FLAGS));
	const struct dirent *entry;
	const size_t len = c->len;
	int r = 0;

	if (!list)
		return fail_at(c, -errno);
	while (r == 0 && (errno = 0, entry = readdir(list))) {
		struct object o = { .from = from, .to = to, .name = entry->d_name };

		if (tree_is_dots(o.name))
			continue;
		/* A file system of this kernel should not give such a name. */
		if (!*o.name || strchr(o.name, '/'))
			return fail_at(c, -EBADMSG);
		r = path_enter(c, o.name);
		if (r < 0)
			return r;
		/* Before it is opened: Linux 6.12 forgets modes over SMB with POSIX extensions. */
		if (fstatat(from, o.name, &o.st, AT_SYMLINK_NOFOLLOW) < 0)
			return fail_at(c, -errno);
		r = copy_any(c, &o);
		c->len = len;
		c->path[len] = '\0';
	}
	return r == 0 && errno ? fail_at(c, -errno) : r;
}

static int copy_top(struct copying *c, int from, int to)
{
	struct timespec times[2];
	struct stat st;
	int r;

	if (fstat(from, &st) < 0)
		return fail_at(c, -errno);
	shed_default_acl(to);
	c->dev = st.st_dev;
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	r = copy_children(c, from, to);
	if (r < 0)
		return r;
	r = tree_pending_settle(&c->pending);
	if (r == 0)
		r = apply_metadata(c, from, to, &st);
	if (r == 0 && futimens(to, times) < 0)
		r = -errno;
	return r < 0 ? fail_at(c, r) : 0;
}

int tree_copy(int from, int to, tree_room room, void *arg, struct tree_count *count,
	      struct failure *f)
{
	auto_free struct copying *c = xcalloc(1, sizeof(*c));
	auto_free char *buffer = xcalloc(COPY_BUFFER, 1);
	struct rlimit limit;
	mode_t mask = umask(0);
	int r;

	*count = (struct tree_count){ 0 };
	c->room = room;
	c->arg = arg;
	c->count = count;
	c->f = f;
	c->buffer = buffer;
	/* Two a directory on the way, one a file that waits for its time, one a hard link. */
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
		c->links_max = limit.rlim_cur / 2;
	}
	r = copy_top(c, from, to);
	/* Also of a copy that ends here, what is whole stays so. */
	if (r < 0)
		(void)tree_pending_settle(&c->pending);
	hardlinks_done(&c->links);
	umask(mask);
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/newroot/rootdir_write.h"

#include "src/common/mem.h"
#include "src/rootovl/newroot/rootdir_resolve.h"
#include "src/rootovl/newroot/xattrs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>

#define ACL_ACCESS  "system.posix_acl_access"
#define ACL_DEFAULT "system.posix_acl_default"

/* The mode of directories that rootdir_enter() creates; the caller sets the final mode later. */
#define MADE_MODE 0755

static void shed_acl(int fd)
{
	(void)fremovexattr(fd, ACL_ACCESS);
	(void)fremovexattr(fd, ACL_DEFAULT);
}

static bool is_ours(const struct newroot *nr, const struct stat *st)
{
	return st->st_uid == nr->uid && st->st_gid == nr->gid;
}

int rootdir_give(const struct rootdir *dir, int fd, const struct stat *want, mode_t made)
{
	mode_t mode = want->st_mode & 07777;
	bool owner = dir->inherits || made == MODE_UNKNOWN || !is_ours(dir->nr, want);

	if (dir->inherits)
		shed_acl(fd);
	/* fchown(2) clears setuid and setgid, so the mode comes after the owner. */
	if (owner && fchown(fd, want->st_uid, want->st_gid) < 0)
		return -errno;
	if ((owner || mode != made) && fchmod(fd, mode) < 0)
		return -errno;
	return 0;
}

int rootdir_give_at(const struct rootdir *dir, const char *name, const struct stat *want)
{
	bool owner = dir->inherits || !is_ours(dir->nr, want);

	if (owner &&
	    fchownat(dir->upper, name, want->st_uid, want->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (owner && !S_ISLNK(want->st_mode) &&
	    fchmodat(dir->upper, name, want->st_mode & 07777, 0) < 0)
		return -errno;
	return 0;
}

static bool has_default_acl(int fd)
{
	return fgetxattr(fd, ACL_DEFAULT, NULL, 0) >= 0;
}

/* Creates the upper's directory from the lower's, as overlayfs copies up. */
static int copy_up(struct rootdir *dir)
{
	struct rootdir *parent = dir->parent;
	auto_close int upper = -1;
	struct stat st;
	int r;

	if (fstat(dir->lower, &st) < 0)
		return -errno;
	if (mkdirat(parent->upper, dir->name, MADE_MODE) < 0)
		return -errno;
	upper = openat(parent->upper, dir->name, DIR_FLAGS);
	if (upper < 0)
		return -errno;
	r = rootdir_give(parent, upper, &st, MADE_MODE);
	if (r == 0)
		r = xattrs_copy(dir->lower, upper, &dir->nr->xattrs_skipped);
	if (r < 0)
		return r;
	dir->times[0] = st.st_atim;
	dir->times[1] = st.st_mtim;
	dir->inherits = (st.st_mode & S_ISGID) || has_default_acl(upper);
	dir->upper = steal_fd(&upper);
	return 0;
}

/* Reads from an existing upper directory what is needed to create objects in it. */
static int look_at_upper(struct rootdir *dir)
{
	struct stat st;

	if (fstat(dir->upper, &st) < 0)
		return -errno;
	dir->times[0] = st.st_atim;
	dir->times[1] = st.st_mtim;
	dir->inherits = (st.st_mode & S_ISGID) || has_default_acl(dir->upper);
	return 0;
}

/*
 * Creates the directory and its parents in the upper if they are missing, with the attributes of
 * the lower's.
 */
static int make_writable(struct rootdir *dir)
{
	int r;

	if (dir->writable)
		return 0;
	if (dir->upper >= 0) {
		r = look_at_upper(dir);
	} else if (dir->parent) {
		r = make_writable(dir->parent);
		if (r == 0)
			r = copy_up(dir);
	} else {
		r = -EROFS;
	}
	if (r < 0)
		return r;
	dir->keep_times = true;
	dir->writable = true;
	return 0;
}

/* Returns -EISDIR if a name of this layer is visible in `dir`. */
static int shows_any(struct rootdir *dir, int layer)
{
	struct names *names;
	struct entry entry;
	int r;

	if (layer < 0)
		return 0;
	r = names_read(layer, &names);
	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < names_count(names); i++) {
		r = rootdir_lookup(dir, names_nth(names, i), &entry);
		if (r == 0 && entry.layer != LAYER_NONE)
			r = -EISDIR;
	}
	names_free(names);
	return r;
}

/* Removes a directory of the upper that has only whiteouts in it. */
static int remove_from_upper(const struct rootdir *parent, const struct rootdir *dir)
{
	struct names *names;
	int r;

	if (dir->upper < 0)
		return 0;
	r = names_read(dir->upper, &names);
	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < names_count(names); i++)
		r = unlinkat(dir->upper, names_nth(names, i), 0) < 0 ? -errno : 0;
	names_free(names);
	if (r == 0 && unlinkat(parent->upper, dir->name, AT_REMOVEDIR) < 0)
		r = -errno;
	return r;
}

static int remove_empty_dir(struct rootdir *parent, const char *name, bool *ret_hides)
{
	auto_rootdir struct rootdir *dir = NULL;
	int r = rootdir_child(parent, name, &dir);

	if (r < 0)
		return r;
	if (dir->refs > 1)
		return -EISDIR; /* another caller is about to write to it */
	*ret_hides = dir->lower >= 0;
	r = shows_any(dir, dir->upper);
	if (r == 0)
		r = shows_any(dir, dir->lower);
	if (r == 0)
		r = make_writable(parent);
	if (r == 0)
		r = remove_from_upper(parent, dir);
	return r;
}

/*
 * Removes the object that a new `name` replaces. *ret_hides says whether the lower's object has to
 * be hidden.
 */
static int make_room(struct rootdir *dir, const char *name, enum room room, bool *ret_hides)
{
	struct entry entry;
	int r = rootdir_lookup(dir, name, &entry);

	*ret_hides = false;
	if (r < 0)
		return r;
	if (entry.layer != LAYER_NONE && room == ROOM_NONE)
		return -EEXIST;
	if (S_ISDIR(entry.type))
		return room == ROOM_ALL ? remove_empty_dir(dir, name, ret_hides) : -EISDIR;
	*ret_hides = entry.layer == LAYER_LOWER;
	if (entry.layer != LAYER_UPPER && !entry.whiteout)
		return 0;
	r = make_writable(dir);
	if (r == 0 && unlinkat(dir->upper, name, 0) < 0)
		r = -errno;
	return r;
}

/*
 * Creates an object. Most new objects are in a directory that only the payload has, and cost one
 * system call. The upper is looked up only after `make` returned -EEXIST.
 */
static int place(struct rootdir *dir, const char *name, enum room room, rootdir_make *make,
		 const void *what, mode_t *ret_lower_type)
{
	bool hides = false;
	int r = rootdir_lower_type(dir, name, ret_lower_type);

	if (r == 0 && *ret_lower_type)
		r = make_room(dir, name, room, &hides);
	if (r == 0)
		r = make_writable(dir);
	if (r < 0)
		return r;
	r = make(dir->upper, name, what);
	if (r == -EEXIST) {
		r = make_room(dir, name, room, &hides);
		if (r == 0)
			r = make(dir->upper, name, what);
	}
	if (r >= 0 && hides)
		dir->nr->hidden++;
	return r;
}

int rootdir_place(struct rootdir *dir, const char *name, enum room room, rootdir_make *make,
		  const void *what)
{
	mode_t lower_type;

	return place(dir, name, room, make, what, &lower_type);
}

int rootdir_forget(struct rootdir *dir, const char *name)
{
	int r = make_writable(dir);

	return r == 0 && unlinkat(dir->upper, name, 0) < 0 ? -errno : r;
}

int rootdir_make_file(int dirfd, const char *name, const void *what)
{
	int fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			*(const mode_t *)what);

	return fd < 0 ? -errno : fd;
}

int rootdir_make_link(int dirfd, const char *name, const void *what)
{
	return symlinkat(what, dirfd, name) < 0 ? -errno : 0;
}

static int make_dir(int dirfd, const char *name, const void *what)
{
	(void)what;
	return mkdirat(dirfd, name, MADE_MODE) < 0 ? -errno : 0;
}

/* Creates a directory that hides the lower's directory of that name. */
static int make_new_dir(struct rootdir *dir, const char *name, enum room room, struct rootdir **ret)
{
	struct stat plain = { .st_mode = MADE_MODE,
			      .st_uid = dir->nr->uid,
			      .st_gid = dir->nr->gid };
	auto_close int upper = -1;
	mode_t lower_type;
	int r = place(dir, name, room, make_dir, NULL, &lower_type);

	if (r < 0)
		return r;
	upper = openat(dir->upper, name, DIR_FLAGS);
	if (upper < 0)
		return -errno;
	/*
	 * The lower may have a directory of that name, which a whiteout or another object hid until
	 * now: then the opaque mark is needed. If the lower has none, the mark only saves lookups,
	 * and may fail as the kernel's own may.
	 */
	if (dir->lower >= 0 && fsetxattr(upper, "trusted.overlay.opaque", "y", 1, 0) < 0 &&
	    S_ISDIR(lower_type))
		return -errno;
	r = rootdir_give(dir, upper, &plain, MADE_MODE);
	if (r < 0)
		return r;
	*ret = rootdir_new(dir, name, steal_fd(&upper), -1);
	(*ret)->writable = true;
	return 0;
}

static int enter_link(struct rootdir *dir, const char *name, struct rootdir **ret)
{
	auto_rootdir struct rootdir *end = NULL;
	char last[NAME_MAX + 1];
	int r = rootdir_resolve(dir, name, true, &end, last);

	if (r < 0)
		return r;
	if (last[0])
		return -ENOTDIR;
	*ret = STEAL(end);
	return 0;
}

int rootdir_enter(struct rootdir *dir, const char *name, enum enter enter, struct rootdir **ret,
		  bool *ret_made)
{
	int r = rootdir_child(dir, name, ret);

	*ret_made = false;
	if (r == -ELOOP)
		r = enter_link(dir, name, ret);
	if (r != -ENOENT && r != -ELOOP && r != -ENOTDIR)
		return r;
	r = make_new_dir(dir, name, enter == ENTER_REPLACE ? ROOM_ALL : ROOM_NONE, ret);
	*ret_made = r == 0;
	return r;
}

int rootdir_enter_path(struct rootdir *start, const char *path, enum enter enter,
		       struct rootdir **ret)
{
	auto_rootdir struct rootdir *dir = rootdir_ref(start);
	auto_free char *copy = xstrdup(path);
	char *rest = copy, *name;

	while ((name = strsep(&rest, "/"))) {
		struct rootdir *next;
		bool made;
		int r;

		if (name[0] == '\0')
			continue;
		r = rootdir_enter(dir, name, enter, &next, &made);
		if (r < 0)
			return r;
		rootdir_put(dir);
		dir = next;
	}
	*ret = STEAL(dir);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads and writes the new root by paths, for the steps of the plan. */
#include "src/rootovl/newroot/newroot.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/newroot/rootdir_resolve.h"
#include "src/rootovl/newroot/rootdir_write.h"
#include "src/rootovl/newroot/xattrs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

/*
 * Lets all users pass the upper's root directory. It may be closed if the root was unpacked in a
 * directory of mktemp(1), or with a strict umask; then only services of root could run.
 */
static int open_root(const struct rootdir *root)
{
	struct stat st;

	if (fstat(root->upper, &st) < 0)
		return -errno;
	if ((st.st_mode & S_IXOTH) || fchmod(root->upper, (st.st_mode & 07777) | 0755) == 0)
		return 0;
	return -errno;
}

/*
 * Gives the root directory of an empty upper the attributes of the lower's, because the overlay
 * shows the one of the upper.
 */
static int dress_root(const struct rootdir *root)
{
	struct names *names;
	struct stat st;
	size_t n;
	int r = names_read(root->upper, &names);

	if (r < 0)
		return r;
	n = names_count(names);
	names_free(names);
	if (n)
		return open_root(root);
	if (fstat(root->lower, &st) < 0 || fchown(root->upper, st.st_uid, st.st_gid) < 0 ||
	    fchmod(root->upper, st.st_mode & 07777) < 0)
		return -errno;
	r = xattrs_copy(root->lower, root->upper, &root->nr->xattrs_skipped);
	/* The mode comes after the attributes, because an ACL changes it. */
	if (r == 0)
		r = open_root(root);
	if (r < 0)
		return r;
	return futimens(root->upper, (struct timespec[]){ st.st_atim, st.st_mtim }) < 0 ? -errno
											: 0;
}

int newroot_open(int lower_fd, struct newroot **ret, struct failure *f)
{
	int lower = openat(lower_fd, ".", DIR_FLAGS);
	struct newroot *nr;

	if (lower < 0)
		return fail_errno(f, errno, NULL, "the lower's root directory");
	nr = xcalloc(1, sizeof(*nr));
	nr->root = rootdir_new(NULL, "", -1, lower);
	nr->root->nr = nr;
	nr->uid = geteuid();
	nr->gid = getegid();
	*ret = nr;
	return 0;
}

int newroot_set_upper(struct newroot *nr, int upper_fd, struct failure *f)
{
	int r;

	nr->root->upper = openat(upper_fd, ".", DIR_FLAGS);
	r = nr->root->upper < 0 ? -errno : dress_root(nr->root);
	return r < 0 ? fail_errno(f, -r, NULL, "the upper's root directory") : 0;
}

void newroot_close(struct newroot *nr)
{
	if (!nr)
		return;
	rootdir_put(nr->root);
	free(nr);
}

/*
 * Resolves a path to an existing object: its name, and the descriptor of its directory in its
 * layer.
 */
static int resolve_object(struct newroot *nr, const char *path, bool follow,
			  struct rootdir **ret_dir, char ret_name[NAME_MAX + 1], int *ret_layer)
{
	auto_rootdir struct rootdir *dir = NULL;
	struct entry entry;
	int r = rootdir_resolve(nr->root, path, follow, &dir, ret_name);

	if (r < 0)
		return r;
	if (ret_name[0] == '\0') {
		*ret_layer = dir->upper >= 0 ? dir->upper : dir->lower;
	} else {
		r = rootdir_lookup(dir, ret_name, &entry);
		if (r == 0 && entry.layer == LAYER_NONE)
			r = -ENOENT;
		if (r < 0)
			return r;
		*ret_layer = rootdir_layer(dir, &entry);
	}
	*ret_dir = STEAL(dir);
	return 0;
}

int newroot_stat(struct newroot *nr, const char *path, bool follow, struct stat *ret)
{
	auto_rootdir struct rootdir *dir = NULL;
	char name[NAME_MAX + 1];
	int layer, r = resolve_object(nr, path, follow, &dir, name, &layer);

	if (r < 0)
		return r;
	if (name[0] == '\0')
		return fstat(layer, ret) < 0 ? -errno : 0;
	return fstatat(layer, name, ret, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

bool newroot_is_lower_file(struct newroot *nr, const char *path)
{
	auto_rootdir struct rootdir *dir = NULL;
	char name[NAME_MAX + 1];
	struct entry entry;

	return rootdir_resolve(nr->root, path, false, &dir, name) == 0 && name[0] &&
	       rootdir_lookup(dir, name, &entry) == 0 && entry.layer == LAYER_LOWER &&
	       S_ISREG(entry.type);
}

/* Resolves a path to a directory. Returns 0 or -errno; -ENOTDIR if it is something else. */
static int resolve_dir(struct newroot *nr, const char *path, struct rootdir **ret)
{
	char name[NAME_MAX + 1];
	int r = rootdir_resolve(nr->root, path, true, ret, name);

	if (r == 0 && name[0]) {
		rootdir_put(*ret);
		*ret = NULL;
		return -ENOTDIR;
	}
	return r;
}

bool newroot_upper_fills(struct newroot *nr, const char *path)
{
	auto_rootdir struct rootdir *dir = NULL;
	struct names *names;
	bool fills;

	if (resolve_dir(nr, path, &dir) < 0 || dir->upper < 0)
		return false;
	if (names_read(dir->upper, &names) < 0)
		return true;
	fills = names_count(names) > 0;
	names_free(names);
	return fills;
}

/* Adds the names in one layer to the list. Skips names of the lower that the upper has too. */
static int add_names(const struct rootdir *dir, int layer, size_t max, char ***list)
{
	struct names *names;
	struct stat st;
	int r = names_read(layer, &names);

	if (r < 0)
		return r;
	if (names_count(names) > max)
		r = -EFBIG;
	for (size_t i = 0; r == 0 && i < names_count(names); i++) {
		const char *name = names_nth(names, i);

		if (layer == dir->lower && dir->upper >= 0 &&
		    fstatat(dir->upper, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			continue;
		/*
		 * A character device may be a whiteout. Devices are of no interest to the callers.
		 */
		if (names_type(names, name) != DT_CHR)
			strv_add(list, xstrdup(name));
	}
	names_free(names);
	return r;
}

int newroot_names(struct newroot *nr, const char *path, size_t max, char ***ret)
{
	auto_rootdir struct rootdir *dir = NULL;
	auto_strv char **list = NULL;
	int r = resolve_dir(nr, path, &dir);

	if (r == 0 && dir->upper >= 0)
		r = add_names(dir, dir->upper, max, &list);
	if (r == 0 && dir->lower >= 0)
		r = add_names(dir, dir->lower, max, &list);
	if (r == 0)
		*ret = STEAL(list);
	return r;
}

int newroot_has_xattr(struct newroot *nr, const char *path, const char *attribute)
{
	auto_rootdir struct rootdir *dir = NULL;
	auto_free char *at = NULL;
	char name[NAME_MAX + 1];
	int layer, r = resolve_object(nr, path, true, &dir, name, &layer);

	if (r < 0)
		return r;
	at = xasprintf("/proc/self/fd/%d/%s", layer, name);
	if (lgetxattr(at, attribute, NULL, 0) >= 0)
		return 1;
	return errno == ENODATA ? 0 : -errno;
}

int newroot_readlink(struct newroot *nr, const char *path, char **ret)
{
	auto_rootdir struct rootdir *dir = NULL;
	char name[NAME_MAX + 1];
	int r = rootdir_resolve(nr->root, path, false, &dir, name);

	if (r < 0)
		return r;
	return name[0] ? rootdir_readlink(dir, name, ret) : -EINVAL;
}

int newroot_read(struct newroot *nr, const char *path, size_t max, char **ret, size_t *ret_len)
{
	auto_rootdir struct rootdir *dir = NULL;
	auto_close int fd = -1;
	char name[NAME_MAX + 1];
	int layer, r = resolve_object(nr, path, true, &dir, name, &layer);

	if (r < 0)
		return r;
	if (name[0] == '\0')
		return -EISDIR;
	/* O_NONBLOCK: a fifo must not stop the boot. */
	fd = openat(layer, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return file_read_fd(fd, max, ret, ret_len);
}

/* Creates an object at a path, and the missing directories above it. */
static int place_path(struct newroot *nr, const char *path, rootdir_make *make, const void *what,
		      struct rootdir **ret_dir, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	auto_free char *above = xstrndup(path, (size_t)(name - path));
	int r = -EISDIR;

	if (name[0])
		r = rootdir_enter_path(nr->root, above, ENTER_MISSING, ret_dir);
	if (r < 0)
		return r == -EEXIST ? -ENOTDIR : r;
	*ret_name = name;
	return rootdir_place(*ret_dir, name, ROOM_ALL, make, what);
}

int newroot_replace(struct newroot *nr, const char *path, const void *data, size_t len,
		    const struct stat *like, struct failure *f)
{
	mode_t mode = like->st_mode & 07777;
	struct stat want = { .st_mode = mode, .st_uid = like->st_uid, .st_gid = like->st_gid };
	auto_rootdir struct rootdir *dir = NULL;
	auto_close int fd = -1;
	const char *name;
	mode_t mask = umask(0);
	int r = place_path(nr, path, rootdir_make_file, &mode, &dir, &name);

	umask(mask);
	if (r >= 0) {
		fd = r;
		r = file_write_fd(fd, data, len);
	}
	if (r == 0)
		r = rootdir_give(dir, fd, &want, mode);
	return r < 0 ? newroot_fail(nr, f, -r, "%s", path) : 0;
}

int newroot_write(struct newroot *nr, const char *path, const void *data, size_t len, mode_t mode,
		  struct failure *f)
{
	const struct stat like = { .st_mode = mode, .st_uid = nr->uid, .st_gid = nr->gid };

	return newroot_replace(nr, path, data, len, &like, f);
}

int newroot_symlink(struct newroot *nr, const char *target, const char *path, struct failure *f)
{
	struct stat want = { .st_mode = S_IFLNK, .st_uid = nr->uid, .st_gid = nr->gid };
	auto_rootdir struct rootdir *dir = NULL;
	const char *name;
	mode_t mask = umask(0);
	int r = place_path(nr, path, rootdir_make_link, target, &dir, &name);

	umask(mask);
	if (r == 0)
		r = rootdir_give_at(dir, name, &want);
	return r < 0 ? newroot_fail(nr, f, -r, "%s", path) : 0;
}

int newroot_forget(struct newroot *nr, const char *path, struct failure *f)
{
	auto_rootdir struct rootdir *dir = NULL;
	char name[NAME_MAX + 1];
	struct entry entry = { 0 };
	int r = rootdir_resolve(nr->root, path, false, &dir, name);

	if (r == 0 && name[0])
		r = rootdir_lookup(dir, name, &entry);
	if (r == 0 && name[0] && entry.layer == LAYER_UPPER &&
	    (S_ISREG(entry.type) || S_ISLNK(entry.type)))
		r = rootdir_forget(dir, name);
	return r < 0 && r != -ENOENT ? newroot_fail(nr, f, -r, "%s", path) : 0;
}

/* Returns whether the upper is on a disk. Only a tmpfs has its size from our parameters. */
static bool is_disk(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type != TMPFS_MAGIC;
}

static int fail_full(const struct newroot *nr, struct failure *f, const char *what)
{
	auto_free char *hint = NULL;
	struct statvfs fs;
	bool inodes;

	if (fstatvfs(nr->root->upper, &fs) < 0)
		return fail(f, ENOSPC, "bring less", "%s: the upper is full", what);
	inodes = fs.f_files && fs.f_favail == 0;
	if (is_disk(nr->root->upper))
		hint = xasprintf("make room on its disk (%ju MiB, %ju inodes), or bring less",
				 (uintmax_t)fs.f_blocks * fs.f_frsize >> 20, (uintmax_t)fs.f_files);
	else
		hint = inodes ? xasprintf("raise rootovl.inodes= (now %ju), or bring less",
					  (uintmax_t)fs.f_files)
			      : xasprintf("raise rootovl.size= (now %ju KiB), or bring less",
					  (uintmax_t)fs.f_blocks * fs.f_frsize / 1024);
	return fail(f, ENOSPC, hint, "%s: the upper is full: no %s left", what,
		    inodes ? "inodes" : "bytes");
}

int newroot_fail(struct newroot *nr, struct failure *f, int code, const char *fmt, ...)
{
	auto_free char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		what = xstrdup("the new root");
	va_end(ap);
	if (code == ENOSPC || code == EDQUOT)
		return fail_full(nr, f, what);
	if (code == EISDIR)
		return fail(f, code, "take the file or the directory away",
			    "%s: it would hide a directory of the root with what is in it", what);
	return fail_errno(f, code, NULL, "%s", what);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Manages the directories of the new root that are in use, and looks up names in their two layers.
 */
#include "src/rootovl/newroot/rootdir.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

/*
 * After this many lookups in one directory, the lower's names are read by one listing. The root
 * directory is listed at once: it has few names, and the boot looks up nearly all of them. The
 * clients of SMB and NFS also get the attributes with the listing.
 */
#define LOOKUPS_BEFORE_LISTING 16

static unsigned int lookups_before_listing(const struct rootdir *dir)
{
	return dir->parent ? LOOKUPS_BEFORE_LISTING : 0;
}

struct rootdir *rootdir_new(struct rootdir *parent, const char *name, int upper, int lower)
{
	struct rootdir *dir = xcalloc(1, sizeof(*dir) + strlen(name) + 1);

	strcpy(dir->name, name);
	dir->refs = 1;
	dir->upper = upper;
	dir->lower = lower;
	if (parent) {
		dir->nr = parent->nr;
		dir->parent = rootdir_ref(parent);
		dir->sibling = parent->children;
		parent->children = dir;
	}
	return dir;
}

struct rootdir *rootdir_ref(struct rootdir *dir)
{
	dir->refs++;
	return dir;
}

static void forget_child(struct rootdir *parent, const struct rootdir *child)
{
	struct rootdir **link = &parent->children;

	while (*link != child)
		link = &(*link)->sibling;
	*link = child->sibling;
}

void rootdir_put(struct rootdir *dir)
{
	while (dir && --dir->refs == 0) {
		struct rootdir *parent = dir->parent;

		if (parent)
			forget_child(parent, dir);
		if (dir->keep_times)
			(void)futimens(dir->upper, dir->times);
		if (dir->upper >= 0)
			close(dir->upper);
		if (dir->lower >= 0)
			close(dir->lower);
		names_free(dir->lower_names);
		free(dir->lower_lacks);
		free(dir);
		dir = parent;
	}
}

void rootdir_cleanup(struct rootdir **dir)
{
	rootdir_put(*dir);
}

char *rootdir_path(const struct rootdir *dir)
{
	auto_free char *above = NULL;

	if (!dir->parent)
		return xstrdup("/");
	above = rootdir_path(dir->parent);
	return xasprintf("%s/%s", dir->parent->parent ? above : "", dir->name);
}

static bool is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(0, 0);
}

/*
 * Returns the file type in the listing: 0 if the name is absent, -EAGAIN if the listing has no
 * type.
 */
static int listed_type(const struct names *names, const char *name)
{
	int type = names_type(names, name);

	if (type == -ENOENT)
		return 0;
	if (type == DT_REG || type == DT_DIR || type == DT_LNK)
		return DTTOIF(type);
	return -EAGAIN;
}

/*
 * Remembers that the lower lacks this name. Code that creates an object looks it up twice, and some
 * clients do not cache a missing name.
 */
static void note_absent(struct rootdir *dir, const char *name)
{
	set_text(&dir->lower_lacks, xstrdup(name));
}

/* Lists the lower's directory once it was looked up often enough. Returns 0 or -errno. */
static int list_lower(struct rootdir *dir)
{
	int r;

	if (dir->lower_names || dir->lower_endless ||
	    ++dir->lower_asked <= lookups_before_listing(dir))
		return 0;
	r = names_read(dir->lower, &dir->lower_names);
	dir->lower_endless = r == -EFBIG;
	return dir->lower_endless ? 0 : r;
}

int rootdir_lower_type(struct rootdir *dir, const char *name, mode_t *ret)
{
	struct stat st;
	int r;

	*ret = 0;
	if (dir->lower < 0 || (dir->lower_lacks && strcmp(dir->lower_lacks, name) == 0))
		return 0;
	r = list_lower(dir);
	if (r < 0)
		return r;
	if (dir->lower_names) {
		r = listed_type(dir->lower_names, name);
		if (r >= 0)
			*ret = (mode_t)r;
		if (r != -EAGAIN)
			return 0;
	}
	if (fstatat(dir->lower, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT)
			return -errno;
		note_absent(dir, name);
		return 0;
	}
	if (!is_whiteout(&st))
		*ret = st.st_mode & S_IFMT;
	return 0;
}

int rootdir_lookup(struct rootdir *dir, const char *name, struct entry *ret)
{
	struct stat st;
	int r;

	*ret = (struct entry){ .layer = LAYER_NONE };
	if (dir->upper >= 0) {
		if (fstatat(dir->upper, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
			ret->whiteout = is_whiteout(&st);
			if (!ret->whiteout) {
				ret->layer = LAYER_UPPER;
				ret->type = st.st_mode & S_IFMT;
			}
			return 0;
		}
		if (errno != ENOENT)
			return -errno;
	}
	r = rootdir_lower_type(dir, name, &ret->type);
	if (ret->type)
		ret->layer = LAYER_LOWER;
	return r;
}

int rootdir_layer(const struct rootdir *dir, const struct entry *entry)
{
	return entry->layer == LAYER_UPPER ? dir->upper : dir->lower;
}

int rootdir_readlink(struct rootdir *dir, const char *name, char **ret)
{
	struct entry entry;
	int r = rootdir_lookup(dir, name, &entry);

	if (r < 0)
		return r;
	if (entry.layer == LAYER_NONE)
		return -ENOENT;
	return file_readlink(rootdir_layer(dir, &entry), name, ret);
}

static bool is_opaque(int fd)
{
	char value;

	return fgetxattr(fd, "trusted.overlay.opaque", &value, 1) == 1 && value == 'y';
}

/*
 * Opens the lower's directory with which overlayfs merges an upper one of that name; *ret is -1 if
 * there is none.
 */
static int open_merged(const struct rootdir *dir, const char *name, int upper, int *ret)
{
	*ret = -1;
	if (dir->lower < 0 || (dir->lower_names && names_type(dir->lower_names, name) < 0))
		return 0;
	if (upper >= 0 && is_opaque(upper))
		return 0;
	*ret = openat(dir->lower, name, DIR_FLAGS);
	if (*ret < 0 && errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
		return -errno;
	return 0;
}

static int open_child(struct rootdir *dir, const char *name, int *upper, int *lower)
{
	struct entry entry;
	int r = rootdir_lookup(dir, name, &entry);

	if (r < 0)
		return r;
	if (entry.layer == LAYER_NONE)
		return -ENOENT;
	if (!S_ISDIR(entry.type))
		return S_ISLNK(entry.type) ? -ELOOP : -ENOTDIR;
	if (entry.layer == LAYER_UPPER) {
		*upper = openat(dir->upper, name, DIR_FLAGS);
		if (*upper < 0)
			return -errno;
	}
	r = open_merged(dir, name, *upper, lower);
	if (r == 0 && *upper < 0 && *lower < 0)
		return -ENOENT;
	return r;
}

int rootdir_child(struct rootdir *dir, const char *name, struct rootdir **ret)
{
	auto_close int upper = -1, lower = -1;
	int r;

	for (struct rootdir *child = dir->children; child; child = child->sibling) {
		if (strcmp(child->name, name) == 0) {
			*ret = rootdir_ref(child);
			return 0;
		}
	}
	r = open_child(dir, name, &upper, &lower);
	if (r < 0)
		return r;
	*ret = rootdir_new(dir, name, steal_fd(&upper), steal_fd(&lower));
	return 0;
}

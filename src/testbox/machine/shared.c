// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/shared.h"

#include "src/common/log.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define DEPTH_MAX  500			 /* folders in folders: each takes a descriptor */
#define CAPABILITY "security.capability" /* xattr(7) */
#define OTHERS	   (S_IRWXG | S_IRWXO)
#define NOBODY	   ((uid_t)-1) /* chown(2): leave it as it is */

/* A walk through a folder. */
struct walk {
	const struct shared *shared;
	dev_t device;
	bool lend; /* else take back */
	int changed;
};

static bool is_lent(const struct shared *shared, uid_t id)
{
	return id >= shared->first && id - shared->first < shared->count;
}

int shared_look(int fd, const char *path, uid_t first, unsigned count, struct shared *ret,
		struct failure *f)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	*ret = (struct shared){ st.st_mode & ALLPERMS, st.st_uid, st.st_gid, first, count };
	/* The launcher and its guard were both killed, and the mode may be the machine's. */
	if (is_lent(ret, ret->owner)) {
		ret->owner = geteuid();
		ret->mode = S_IRWXU;
	}
	if (is_lent(ret, ret->group))
		ret->group = getegid();
	/* For root too: the folder's owner gets in, and finds there what root of the machine made.
	 */
	if (ret->owner != geteuid())
		return fail(f, EPERM, "take a folder of your own",
			    "%s: it belongs to another user, who could run what the machine makes",
			    path);
	return 0;
}

/* The name of what a descriptor (O_PATH) stands for. */
static char *place_of(int object)
{
	return xasprintf("/proc/self/fd/%d", object);
}

/* Gives it to whom it is to belong; by this a file loses setuid, and its old owner all rights. */
static int give(int object, const struct stat *st, const struct walk *walk)
{
	const struct shared *shared = walk->shared;
	uid_t uid = NOBODY, gid = NOBODY;

	if (!shared->count)
		return 0;
	if (walk->lend && st->st_uid == shared->owner &&
	    (S_ISDIR(st->st_mode) || st->st_nlink == 1))
		uid = gid = shared->first;
	if (!walk->lend && is_lent(shared, st->st_uid))
		uid = shared->owner;
	if (!walk->lend && (uid != NOBODY || is_lent(shared, st->st_gid)))
		gid = shared->group;
	if (uid == NOBODY && gid == NOBODY)
		return 0;
	return fchownat(object, "", uid, gid, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

/* `was` is its mode as it was found. */
static int clean_file(int object, mode_t was, struct walk *walk)
{
	auto_free char *place = place_of(object);
	bool set = was & (S_ISUID | S_ISGID);
	struct stat st;

	/* Looked for first: only root may remove it, and others' machines cannot make it. */
	if (getxattr(place, CAPABILITY, NULL, 0) >= 0) {
		walk->changed++;
		if (removexattr(place, CAPABILITY) < 0)
			return -errno;
	}
	walk->changed += set;
	/* Its owner may have set it once more, until it was another's. */
	if (fstat(object, &st) < 0)
		return -errno;
	if (!(st.st_mode & (S_ISUID | S_ISGID)))
		return 0;
	walk->changed += !set;
	return chmod(place, st.st_mode & (ACCESSPERMS | S_ISVTX)) < 0 ? -errno : 0;
}

/* A folder that its own mode closes is opened for it by root's rights, or by its owner's. */
static int open_dir(int object)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	auto_free char *place = place_of(object);
	int fd = openat(object, ".", flags);

	if (fd < 0 && errno == EACCES && chmod(place, S_IRWXU) == 0)
		fd = openat(object, ".", flags);
	return fd < 0 ? -errno : fd;
}

static int walk_dir(int fd, int depth, struct walk *walk);

static int walk_one(int at, const char *name, int depth, struct walk *walk)
{
	auto_close int object = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int r;

	if (object < 0 || fstat(object, &st) < 0)
		return -errno;
	if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)) {
		walk->changed++;
		return unlinkat(at, name, 0) < 0 ? -errno : 0;
	}
	if (S_ISDIR(st.st_mode) && st.st_dev != walk->device)
		return 0;
	r = give(object, &st, walk);
	if (r == 0 && S_ISREG(st.st_mode))
		r = clean_file(object, st.st_mode, walk);
	if (r == 0 && S_ISDIR(st.st_mode)) {
		int fd = open_dir(object);

		/* One descriptor a level. */
		close(steal_fd(&object));
		r = fd < 0 ? fd : walk_dir(fd, depth, walk);
	}
	return r;
}

/* Closes `fd`. */
static int walk_dir(int fd, int depth, struct walk *walk)
{
	auto_dir DIR *dir = fdopendir(fd);
	const struct dirent *entry;
	int r = 0;

	if (!dir) {
		r = -errno;
		close(fd);
		return r;
	}
	if (depth == DEPTH_MAX)
		return walk->lend ? 0 : -ENAMETOOLONG;
	while (r == 0 && (errno = 0, entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = walk_one(fd, entry->d_name, depth + 1, walk);
	return r == 0 ? -errno : r;
}

static int walk_all(int fd, struct walk *walk)
{
	int top = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (top < 0)
		return -errno;
	if (fstat(top, &st) < 0) {
		close(top);
		return -errno;
	}
	walk->device = st.st_dev;
	return walk_dir(top, 0, walk);
}

int shared_lend(int fd, const char *path, const struct shared *shared, struct failure *f)
{
	struct walk walk = { .shared = shared, .lend = true };
	int r;

	/* Closed first, and the machine's last: nobody else is in it meanwhile. */
	if (fchmod(fd, (shared->mode & ~(mode_t)OTHERS) | S_IRWXU) < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	r = walk_all(fd, &walk);
	if (r == 0 && shared->count && fchown(fd, shared->first, shared->first) < 0)
		r = -errno;
	return r < 0 ? fail_errno(f, -r, NULL, "%s", path) : walk.changed;
}

int shared_take_back(int fd, const struct shared *shared)
{
	struct walk walk = { .shared = shared };
	int r = 0;

	/* Closed first: the machine may have opened it to others. */
	if (shared->count && fchown(fd, shared->owner, shared->group) < 0)
		r = -errno;
	if (r == 0 && fchmod(fd, S_IRWXU) < 0)
		r = -errno;
	if (r == 0)
		r = walk_all(fd, &walk);
	if (r == 0 && fchmod(fd, shared->mode) < 0)
		r = -errno;
	return r < 0 ? r : walk.changed;
}

void shared_tell(const char *path, int changed)
{
	if (changed < 0)
		log_line(LOG_WARNING, "testbox: %s: not opened to others again: %s", path,
			 strerror(-changed));
	else if (changed > 0)
		log_line(LOG_NOTICE,
			 "testbox: %s: from %d files setuid, setgid or capabilities were taken, or "
			 "they were devices and are gone",
			 path, changed);
}

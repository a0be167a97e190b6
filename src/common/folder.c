// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/folder.h"

#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define HINT "take one in a folder that only root and you may write to, or that is sticky"

/* Returns the length of `path` up to the end of the component that begins at `step`. */
static int length_to(const char *path, const char *step)
{
	return (int)(step - path + (ptrdiff_t)strcspn(step, "/"));
}

/*
 * Checks that no other user can replace an entry of this folder. `len` is the length of its name in
 * `path`.
 */
static int check_step(int fd, const char *path, int len, struct failure *f)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail_errno(f, errno, NULL, "%.*s", len, path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return fail(f, EPERM, HINT,
			    "%s: user %u owns %.*s, and could put another folder there", path,
			    st.st_uid, len, path);
	if (st.st_mode & (S_IWGRP | S_IWOTH) && !(st.st_mode & S_ISVTX))
		return fail(f, EPERM, HINT,
			    "%s: others may write to %.*s, and could put another folder there",
			    path, len, path);
	return 0;
}

static int enter(int *fd, const char *path, const char *step, struct failure *f)
{
	int len = length_to(path, step);
	auto_free char *name = xstrndup(step, strcspn(step, "/"));
	auto_close int next = openat(*fd, name, STEP);
	int error = errno;
	struct stat st;

	if (next < 0 && fstatat(*fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
		return fail(f, ELOOP, "give the folder's own path, as readlink -f prints it",
			    "%s: %.*s is a symbolic link", path, len, path);
	if (next < 0)
		return fail_errno(f, error, NULL, "%.*s", len, path);
	close(*fd);
	*fd = steal_fd(&next);
	return 0;
}

/* Returns an absolute path that the caller frees, or NULL if the working directory has none. */
static char *absolute(const char *path)
{
	auto_free char *cwd = *path == '/' ? NULL : getcwd(NULL, 0);

	if (*path == '/')
		return xstrdup(path);
	return cwd ? xasprintf("%s/%s", cwd, path) : NULL;
}

int folder_open(const char *path, int *ret, struct failure *f)
{
	auto_free char *whole = absolute(path);
	auto_close int fd = open("/", STEP);
	int len = 1, r = 0;

	if (!whole || fd < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	/*
	 * Open each component and check it, then open the next one in the same descriptor.
	 * openat2(2) cannot check owners.
	 */
	for (const char *step = whole + strspn(whole, "/"); r == 0 && *step;) {
		r = check_step(fd, whole, len, f);
		if (r == 0)
			r = enter(&fd, whole, step, f);
		len = length_to(whole, step);
		step = whole + len + strspn(whole + len, "/");
	}
	if (r < 0)
		return r;
	*ret = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret < 0 ? fail_errno(f, errno, NULL, "%s", path) : 0;
}

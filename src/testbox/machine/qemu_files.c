// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/qemu_files.h"

#include "src/common/mem.h"
#include "src/testbox/machine/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#define COPY_MAX (1 << 30)

struct opening {
	const struct box *box;
	const struct qemu_user *user;
};

/* A copy that only `user` can read, and that has no name. Gives a descriptor or -errno. */
static int copy_for(const struct opening *opening, int from)
{
	auto_close int to = open(opening->box->run, O_TMPFILE | O_RDWR | O_CLOEXEC, 0400);
	auto_free char *again = NULL;
	int fd;
	ssize_t n;

	/* Not every file system has files without names. */
	if (to < 0)
		to = memfd_create("testbox", MFD_CLOEXEC);
	if (to < 0)
		return -errno;
	while ((n = sendfile(to, from, NULL, COPY_MAX)) > 0)
		;
	if (n < 0 || fchown(to, opening->user->uid, opening->user->gid) < 0)
		return -errno;
	again = xasprintf("/proc/self/fd/%d", to);
	fd = open(again, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* QEMU opens it once more by /proc/self/fd: that asks for the right to read it. */
static int open_reopened(const struct opening *opening, const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = strlen(opening->box->run);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!opening->user->other || (st.st_mode & S_IROTH))
		return steal_fd(&fd);
	/* What is made for this run may be given away. */
	if (!strncmp(path, opening->box->run, len) && path[len] == '/' &&
	    fchown(fd, opening->user->uid, opening->user->gid) == 0)
		return steal_fd(&fd);
	return copy_for(opening, fd);
}

static int open_one(const struct opening *opening, const struct plan_file *file)
{
	const char *path = file->path;
	int fd = -1;

	switch (file->kind) {
	case FILE_REOPENED:
		return open_reopened(opening, path);
	case FILE_READ:
		fd = open(path, O_RDONLY | O_CLOEXEC);
		break;
	case FILE_DISK:
		fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
		break;
	case FILE_TAP:
		return tap_open(path);
	}
	return fd < 0 ? -errno : fd;
}

int qemu_files_open(const struct box *box, const struct machine_plan *plan,
		    const struct qemu_user *user, struct qemu_fds *ret, struct failure *f)
{
	const struct opening opening = { box, user };
	int *fds = xcalloc(plan->n_files + 1, sizeof(*fds));

	*ret = (struct qemu_fds){ .first = PLAN_FIRST_FD, .fds = fds };
	for (size_t i = 0; i < plan->n_files; i++) {
		const struct plan_file *file = &plan->files[i];
		int fd = open_one(&opening, file);

		if (fd < 0 && file->kind == FILE_TAP)
			return fail_errno(f, -fd,
					  user->other ? "is it a bridge of this host?"
						      : "a tap on a bridge needs root",
					  "bridge %s", file->path);
		if (fd < 0)
			return fail_errno(f, -fd, NULL, "%s", file->path);
		fds[ret->n++] = fd;
	}
	return 0;
}

void qemu_files_close(struct qemu_fds *fds)
{
	for (size_t i = 0; i < fds->n; i++)
		close(fds->fds[i]);
	free((int *)fds->fds);
	*fds = (struct qemu_fds){ 0 };
}

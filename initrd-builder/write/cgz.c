// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/cgz.h"

#include "initrd-builder/write/cpio_writer.h"
#include "initrd-builder/write/epoch.h"
#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

struct cgz {
	struct cpio_writer *writer;
	enum cgz_kind kind;
	time_t latest;	      /* no entry is younger */
	long inode;	      /* of the last entry: cpio wants each to have its own */
	struct stat self;     /* the file that is written */
	dev_t device;	      /* of the tree that is packed */
	const char *left_out; /* a path; NULL: none */
	char **dirs;	      /* that cgz_add_dirs() has made */
	void *links;	      /* struct hardlink, of tsearch(3) */
	struct failure *f;
};

/* A file with several names: one has the contents, all the number. */
struct hardlink {
	dev_t dev;
	ino_t ino;
	long inode;
};

static int add_content(struct cgz *cgz, int fd, const char *path, off_t size)
{
	char buffer[64 * 1024];

	while (size > 0) {
		ssize_t n = read(fd, buffer, sizeof(buffer));
		int r;

		if (interrupted)
			return fail(cgz->f, EINTR, NULL, "interrupted");
		if (n < 0)
			return fail_errno(cgz->f, errno, NULL, "%s", path);
		if (n == 0 || n > size)
			return fail(cgz->f, EAGAIN, "wait until nobody writes to it",
				    "%s: changed while it was read", path);
		r = cpio_writer_data(cgz->writer, buffer, (size_t)n);
		if (r < 0)
			return r;
		size -= n;
	}
	return 0;
}

static int by_inode(const void *a, const void *b)
{
	const struct hardlink *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

/* The number of an entry; `*again`: a link to it was there before, with the contents. */
static long number_of(struct cgz *cgz, const struct stat *st, bool *again)
{
	struct hardlink *link, **found;

	*again = false;
	if (cgz->kind == CGZ_MODULES || S_ISDIR(st->st_mode) || st->st_nlink < 2)
		return ++cgz->inode;
	link = xcalloc(1, sizeof(*link));
	*link = (struct hardlink){ st->st_dev, st->st_ino, cgz->inode + 1 };
	found = tsearch(link, &cgz->links, by_inode);
	if (!found)
		abort(); /* of memory: see common/mem.h */
	*again = *found != link;
	if (*again)
		free(link);
	else
		cgz->inode++;
	return (*found)->inode;
}

/* Writes a header; `*again`: its contents are there already. */
static int add_header(struct cgz *cgz, const char *path, const struct stat *st, const char *target,
		      bool *again)
{
	bool several = cgz->kind != CGZ_MODULES && !S_ISDIR(st->st_mode);
	struct cpio_header header = {
		.path = path,
		.target = target,
		.mode = st->st_mode,
		.inode = number_of(cgz, st, again),
		.nlink = S_ISDIR(st->st_mode) ? 2
			 : several	      ? (unsigned)st->st_nlink
					      : 1,
		.mtime = st->st_mtime < cgz->latest ? st->st_mtime : cgz->latest,
	};

	if (S_ISREG(st->st_mode) && !*again)
		header.size = (uint64_t)st->st_size;
	if (cgz->kind == CGZ_ROOT) {
		header.uid = st->st_uid;
		header.gid = st->st_gid;
	}
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		header.device = st->st_rdev;
	return cpio_writer_header(cgz->writer, &header);
}

/* Adds one entry; `fd` is open where it is a file, `target` given where it is a link. */
static int add_entry(struct cgz *cgz, const char *path, const struct stat *st, int fd,
		     const char *target)
{
	bool again;
	int r = add_header(cgz, path, st, target, &again);

	return r == 0 && S_ISREG(st->st_mode) && !again ? add_content(cgz, fd, path, st->st_size)
							: r;
}

static int add_link(struct cgz *cgz, int dir_fd, const char *name, const char *path,
		    const struct stat *st)
{
	auto_free char *target = NULL;
	int r = file_readlink(dir_fd, name, &target);

	return r < 0 ? fail_errno(cgz->f, -r, NULL, "%s", path)
		     : add_entry(cgz, path, st, -1, target);
}

static bool is_wanted(const struct cgz *cgz, const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return st->st_dev != cgz->self.st_dev || st->st_ino != cgz->self.st_ino;
	if (S_ISDIR(st->st_mode))
		return true;
	return cgz->kind != CGZ_MODULES && !S_ISSOCK(st->st_mode);
}

int cgz_add(struct cgz *cgz, int dir_fd, const char *name, const char *path)
{
	auto_close int fd = -1;
	struct stat st;
	int r;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_errno(cgz->f, errno, NULL, "%s", path);
	if (!is_wanted(cgz, &st) || (cgz->left_out && !strcmp(path, cgz->left_out)))
		return 0;
	if (S_ISLNK(st.st_mode))
		return add_link(cgz, dir_fd, name, path, &st);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return add_entry(cgz, path, &st, -1, NULL);
	fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return fail_errno(cgz->f, errno, NULL, "%s", path);
	r = add_entry(cgz, path, &st, fd, NULL);
	if (r < 0 || !S_ISDIR(st.st_mode))
		return r;
	if (cgz->kind == CGZ_ROOT && st.st_dev != cgz->device)
		return 0; /* mounted there */
	return cgz_add_below(cgz, fd, path);
}

int cgz_add_below(struct cgz *cgz, int fd, const char *path)
{
	auto_strv char **names = NULL;
	struct stat st;
	int r = file_names(fd, &names);

	if (r < 0)
		return fail_errno(cgz->f, -r, NULL, "%s", path);
	if (!*path && fstat(fd, &st) == 0)
		cgz->device = st.st_dev;
	for (char **name = names; r == 0 && name && *name; name++) {
		auto_free char *below = xasprintf("%s%s%s", path, *path ? "/" : "", *name);

		r = cgz_add(cgz, fd, *name, below);
	}
	return r;
}

int cgz_add_dirs(struct cgz *cgz, const char *path)
{
	const struct stat st = { .st_mode = S_IFDIR | 0755 };
	int r = 0;

	for (const char *end = path; r == 0 && *end; end += *end == '/') {
		auto_free char *dir = NULL;

		end += strcspn(end, "/");
		dir = xstrndup(path, (size_t)(end - path));
		if (strv_has(cgz->dirs, dir))
			continue;
		r = add_entry(cgz, dir, &st, -1, NULL);
		strv_add(&cgz->dirs, STEAL(dir));
	}
	return r;
}

int cgz_add_bytes(struct cgz *cgz, const char *path, mode_t mode, const char *data, size_t n)
{
	const struct stat st = { .st_mode = S_IFREG | mode, .st_nlink = 1, .st_size = (off_t)n };
	bool again;
	int r = add_header(cgz, path, &st, NULL, &again);

	return r == 0 ? cpio_writer_data(cgz->writer, data, n) : r;
}

struct cgz *cgz_new(int fd, enum cgz_kind kind, struct failure *f)
{
	auto_cgz struct cgz *cgz = xcalloc(1, sizeof(*cgz));
	/* Modules are waited for: twice as quick, and a twentieth larger. */
	int level = kind == CGZ_MODULES ? 4 : 6;

	cgz->kind = kind;
	cgz->f = f;
	/* depmod's files are made anew; what else is packed keeps its times. */
	if (epoch_read(kind == CGZ_MODULES ? 0 : (time_t)INT32_MAX, &cgz->latest, f) < 0)
		return NULL;
	if (fstat(fd, &cgz->self) < 0) {
		fail_errno(f, errno, NULL, "fstat");
		return NULL;
	}
	cgz->writer = cpio_writer_new(fd, level, f);
	return cgz->writer ? STEAL(cgz) : NULL;
}

void cgz_free(struct cgz *cgz)
{
	if (!cgz)
		return;
	cpio_writer_free(cgz->writer);
	tdestroy(cgz->links, free);
	strv_free(cgz->dirs);
	free(cgz);
}

void cgz_leave_out(struct cgz *cgz, const char *path)
{
	cgz->left_out = path;
}

int cgz_end(struct cgz *cgz)
{
	return cpio_writer_end(cgz->writer);
}

int cgz_write(int fd, const char *modules, const char *version, struct failure *f)
{
	auto_free char *top = xasprintf("usr/lib/modules/%s", version);
	auto_cgz struct cgz *cgz = cgz_new(fd, CGZ_MODULES, f);
	int r = cgz ? cgz_add_dirs(cgz, "usr/lib/modules") : -f->code;

	if (r == 0)
		r = cgz_add(cgz, AT_FDCWD, modules, top);
	return r == 0 ? cgz_end(cgz) : r;
}

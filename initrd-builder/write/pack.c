// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/pack.h"

#include "initrd-builder/base/path.h"
#include "initrd-builder/base/progress.h"
#include "initrd-builder/read/codec.h"
#include "initrd-builder/root/rootfs.h"
#include "initrd-builder/write/cgz.h"
#include "initrd-builder/write/output.h"
#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#define ALIGNMENT 4

static int finish(struct output *output, const struct progress *step, struct failure *f)
{
	off_t size = 0;
	int r = output_commit(output, &size, f);

	if (r == 0)
		progress_end(step, "%s, %s", output->path, progress_size(size));
	return r;
}

/* A directory of this name at the top takes the place of the image's link. */
static void warn_of_usrmerge(const char *name)
{
	if (IS_ONE_OF(name, "bin", "lib", "lib32", "lib64", "libx32", "sbin"))
		log_line(LOG_WARNING,
			 "initrd-builder: warning: /%s in it is a directory: behind an image that "
			 "has a link there it takes that away; use /usr/%s",
			 name, name);
}

static void warn_of_directories(int fd)
{
	auto_strv char **names = NULL;
	struct stat st;

	(void)file_names(fd, &names);
	for (char **name = names; name && *name; name++) {
		if (fstatat(fd, *name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
			warn_of_usrmerge(*name);
	}
}

static int pack_path(struct cgz *cgz, const char *path, const char *prefix, struct failure *f)
{
	auto_free char *copy = xstrdup(path), *in = NULL;
	auto_close int fd = -1;
	struct stat st;

	if (stat(path, &st) < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	in = xasprintf("%s%s%s", prefix, *prefix ? "/" : "", basename(copy));
	if (!S_ISDIR(st.st_mode))
		return cgz_add(cgz, AT_FDCWD, path, in);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	if (!*prefix)
		warn_of_directories(fd);
	return cgz_add_below(cgz, fd, prefix);
}

int pack_paths(char *const *paths, const char *prefix, const char *path, struct failure *f)
{
	auto_output struct output output = OUTPUT_NONE;
	auto_free char *below = path_clean(prefix ? prefix : "");
	auto_free char *top = xstrndup(below, strcspn(below, "/"));
	auto_cgz struct cgz *cgz = NULL;
	struct progress step;
	int r;

	progress_begin(&step, "archive");
	progress_tick(&step);
	r = output_open_at(path, &output, f);
	if (r < 0)
		return r;
	cgz = cgz_new(output.fd, CGZ_PAYLOAD, f);
	if (!cgz)
		return -f->code;
	warn_of_usrmerge(top);
	r = cgz_add_dirs(cgz, below);
	for (; r == 0 && *paths; paths++)
		r = pack_path(cgz, *paths, below, f);
	if (r == 0)
		r = cgz_end(cgz);
	return r < 0 ? r : finish(&output, &step, f);
}

static int check_init(const struct rootfs *root, struct failure *f)
{
	auto_close int fd = rootfs_openat(root, "sbin/init", O_PATH);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !(st.st_mode & 0111))
		return fail(f, ENOEXEC, "install systemd-sysv in it, or another init",
			    "%s: no program /sbin/init", root->path);
	return 0;
}

int pack_rootfs(const char *path, const char *to, struct failure *f)
{
	__attribute__((cleanup(rootfs_close))) struct rootfs root = { .fd = -1 };
	auto_output struct output output = OUTPUT_NONE;
	auto_cgz struct cgz *cgz = NULL;
	auto_close int fd = -1;
	struct progress step;
	int r = rootfs_open(path, &root, f);

	if (r == 0)
		r = check_init(&root, f);
	if (r == 0)
		r = output_open_at(to, &output, f);
	if (r == 0)
		r = output_check_outside(&output, root.fd, path, f);
	if (r < 0)
		return r;
	progress_begin(&step, "archive");
	progress_tick(&step);
	fd = rootfs_openat(&root, ".", O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return fail_errno(f, -fd, NULL, "%s", path);
	cgz = cgz_new(output.fd, CGZ_ROOT, f);
	if (!cgz)
		return -f->code;
	r = cgz_add_below(cgz, fd, "");
	if (r == 0)
		r = cgz_end(cgz);
	return r < 0 ? r : finish(&output, &step, f);
}

/* Not what is inside of it: that is verify's. */
static int check_initrd(int fd, const char *path, struct failure *f)
{
	uint8_t data[CODEC_LOOK];
	ssize_t n = pread(fd, data, sizeof(data), 0);

	if (n < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	if (n == 0 || (data[0] != '0' && data[0] != '\0' && !codec_find(data, (size_t)n)))
		return fail(f, EINVAL, "initrd-builder pack makes one", "%s: this is no initrd",
			    path);
	return 0;
}

static int append(const struct output *output, const char *path, struct failure *f)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;
	int r;

	if (fd < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	r = check_initrd(fd, path, f);
	if (r < 0)
		return r;
	while ((n = sendfile(output->fd, fd, NULL, 1 << 20)) > 0) {
		if (interrupted)
			return fail(f, EINTR, NULL, "interrupted");
	}
	return n < 0 ? fail_errno(f, errno, "is there room?", "%s", output->path) : 0;
}

static int pad(const struct output *output, struct failure *f)
{
	static const char zeros[2 * ALIGNMENT];
	off_t at = lseek(output->fd, 0, SEEK_END);
	size_t n = ALIGNMENT + (size_t)(-at & (ALIGNMENT - 1));

	if (at < 0 || write(output->fd, zeros, n) != (ssize_t)n)
		return fail_errno(f, errno, "is there room?", "%s", output->path);
	return 0;
}

int pack_concatenate(char *const *paths, const char *path, struct failure *f)
{
	auto_output struct output output = OUTPUT_NONE;
	struct progress step;
	int r;

	progress_begin(&step, "initrd");
	progress_tick(&step);
	r = output_open_at(path, &output, f);
	for (; r == 0 && *paths; paths++) {
		r = append(&output, *paths, f);
		if (r == 0 && paths[1])
			r = pad(&output, f);
	}
	return r < 0 ? r : finish(&output, &step, f);
}

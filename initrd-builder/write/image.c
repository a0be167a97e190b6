// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/image.h"

#include "initrd-builder/base/progress.h"
#include "initrd-builder/base/tail.h"
#include "initrd-builder/root/rootfs.h"
#include "initrd-builder/write/output.h"
#include "initrd-builder/write/verity.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"
#include "src/common/program.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

/* Quick to read before small: a boot reads a few files out of many. */
static const struct format {
	const char *ending;
	const char *argv[8]; /* of the program; IMAGE and ROOT stand for the paths */
} formats[] = {
	{ ".erofs", { "mkfs.erofs", "-zlz4hc", "IMAGE", "ROOT" } },
	{ ".squashfs",
	  { "mksquashfs", "ROOT", "IMAGE", "-noappend", "-comp", "zstd", "-no-progress" } },
};

static const struct format *find_format(const char *output)
{
	size_t len = strlen(output);

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		size_t n = strlen(formats[i].ending);

		if (len > n && !strcmp(output + len - n, formats[i].ending))
			return &formats[i];
	}
	return NULL;
}

static int run(const struct format *format, const char *root, const char *image,
	       struct progress *step, struct failure *f)
{
	auto_close int said = memfd_create("said", MFD_CLOEXEC);
	const struct program_watch watch = { &interrupted, progress_tick, step };
	const char *argv[ARRAY_SIZE(format->argv) + 1] = { NULL };
	struct program program = { .argv = argv, .output = said };
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(format->argv) && format->argv[i]; i++)
		argv[i] = !strcmp(format->argv[i], "IMAGE")  ? image
			  : !strcmp(format->argv[i], "ROOT") ? root
							     : format->argv[i];
	r = program_run(&program, &watch, f);
	if (r > 0) {
		auto_free char *line = tail_read(said, 1);

		line[strcspn(line, "\n")] = '\0';
		return fail(f, EIO, "is there room, and can it read all of the root?",
			    "%s failed with status %d: %s", argv[0], r, line);
	}
	return r;
}

static int make(const struct rootfs *root, const struct format *format, bool verity,
		struct output *output, struct failure *f)
{
	/* By descriptor: the file has no name yet. */
	auto_free char *image = xasprintf("/proc/%jd/fd/%d", (intmax_t)getpid(), output->fd);
	auto_free char *place = NULL;
	char hash[2 * VERITY_DIGEST + 1];
	struct progress step;
	off_t size = 0;
	int r = rootfs_place(root->fd, &place);

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", root->path);
	progress_begin(&step, "image");
	r = run(format, place, image, &step, f);
	if (r == 0 && verity)
		r = verity_append(output->fd, &step, hash, f);
	if (r == 0)
		r = output_commit(output, &size, f);
	if (r < 0)
		return r;
	progress_end(&step, "%s, %s", output->path, progress_size(size));
	if (verity)
		one_line_print(stdout, "rootovl.verity=%s", hash);
	return 0;
}

/* What a boot asks for too (os-release(5)): a folder where nothing is mounted is no root. */
static int check_root(const struct rootfs *root, struct failure *f)
{
	auto_close int etc = rootfs_openat(root, "etc/os-release", O_PATH);
	auto_close int usr = rootfs_openat(root, "usr/lib/os-release", O_PATH);

	return etc >= 0 || usr >= 0
		       ? 0
		       : fail(f, ENOENT, "is this the root of an operating system, and mounted?",
			      "%s: no os-release in its /etc and /usr/lib", root->path);
}

int image_make(const char *path, const char *output, bool verity, struct failure *f)
{
	__attribute__((cleanup(rootfs_close))) struct rootfs root = { .fd = -1 };
	const struct format *format = find_format(output);
	auto_output struct output file = OUTPUT_NONE;
	int r;

	if (!format)
		return fail(f, EINVAL, "end it with .erofs or .squashfs",
			    "%s: the name does not say which kind of image", output);
	r = rootfs_open(path, &root, f);
	if (r == 0)
		r = check_root(&root, f);
	if (r < 0)
		return r;
	r = output_open_at(output, &file, f);
	if (r == 0)
		r = output_check_outside(&file, root.fd, root.path, f);
	return r < 0 ? r : make(&root, format, verity, &file, f);
}

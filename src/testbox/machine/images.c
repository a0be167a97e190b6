// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/images.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/common/program.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define LOG_MAX 65536

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

const char *images_format(const char *base)
{
	return ends_with(base, ".qcow2") ? "qcow2" : "raw";
}

/*
 * The format of a base is said, never guessed from its contents: a machine that could write the
 * beginning of a raw base would else choose any file of the host as the base of its base.
 */
static char **command(const struct plan_image *image, const char *path)
{
	char **argv = NULL;

	strv_add(&argv, xstrdup("qemu-img"));
	strv_add(&argv, xstrdup("create"));
	strv_add(&argv, xstrdup("-q"));
	strv_add(&argv, xstrdup("-f"));
	strv_add(&argv, xstrdup("qcow2"));
	if (image->base) {
		strv_add(&argv, xstrdup("-b"));
		strv_add(&argv, xstrdup(image->base));
		strv_add(&argv, xstrdup("-F"));
		strv_add(&argv, xstrdup(images_format(image->base)));
	}
	strv_add(&argv, xstrdup(path));
	if (image->size)
		strv_add(&argv, xasprintf("%llu", (unsigned long long)image->size));
	return argv;
}

/* Returns WHAT of the log's first line, "qemu-img: PATH: WHAT"; owned. */
static char *error_of(const char *log, const char *path)
{
	auto_free char *text = NULL;
	const char *what;
	size_t len = strlen(path);

	if (file_read(AT_FDCWD, log, LOG_MAX, &text) < 0 || !*text)
		return NULL;
	what = strstr(text, path);
	what = what && !strncmp(what + len, ": ", 2) ? what + len + 2 : text;
	return xstrndup(what, strcspn(what, "\n"));
}

static int make(const struct box *box, const struct plan_image *image,
		const volatile sig_atomic_t *stop, struct failure *f)
{
	auto_free char *passing = xasprintf("%s/new-disk", box->run);
	auto_free char *log = xasprintf("%s/qemu-img.log", box->run);
	auto_strv char **argv = command(image, passing);
	auto_close int output = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	const struct program program = { .argv = (const char *const *)argv, .output = output };
	const struct program_watch watch = { .stop = stop };
	auto_free char *said = NULL;
	int r = program_run(&program, &watch, f);

	if (r < 0)
		return r;
	said = error_of(log, passing);
	unlink(log);
	if (r > 0)
		return fail(f, EIO, said, "disk %s: it cannot be made",
			    image->base ? image->base : image->path);
	return rename(passing, image->path) < 0 ? fail_errno(f, errno, NULL, "%s", image->path) : 0;
}

int images_make(const struct box *box, const struct machine_plan *plan,
		const volatile sig_atomic_t *stop, struct failure *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < plan->n_images; i++)
		/* One that is kept may be an earlier version's, and everybody's to read. */
		if (!plan->images[i].keep || chmod(plan->images[i].path, 0600) < 0)
			r = make(box, &plan->images[i], stop, f);
	return r;
}

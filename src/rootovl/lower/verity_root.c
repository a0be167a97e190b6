// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/lower/verity_root.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "src/common/verity_image.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define PROGRAM	  "/usr/lib/rootovl/rootovl-verity"
#define CORRUPTED 3 /* its exit status */
#define SAID_MAX  (16 * 1024)

/* The three lines of a failure; see the program's --help. */
static int take_failure(const char *said, int status, struct failure *f)
{
	auto_strv char **lines = strv_split(said, "\n");
	int code;

	if (strv_len(lines) >= 2 && sscanf(lines[0], "failed %d", &code) == 1 && code > 0)
		return fail(f, code, lines[2], "%s", lines[1]);
	return fail(f, EIO, "report this with the journal", PROGRAM " ended with %d", status);
}

/* Gives the exit status that is a failure of none, or -errno. */
static int run(const char *const argv[], struct failure *f)
{
	auto_close int said = memfd_create("said", MFD_CLOEXEC);
	struct program program = { .argv = argv, .output = said, .errors = -1 };
	auto_free char *text = NULL;
	size_t len;
	int r = program_run(&program, NULL, f);

	if (r != 1)
		return r;
	if (lseek(said, 0, SEEK_SET) < 0 || file_read_fd(said, SAID_MAX, &text, &len) < 0)
		return fail(f, EIO, NULL, PROGRAM " ended with %d", r);
	return take_failure(text, r, f);
}

int verity_root_open(const char *device, const struct step_lower *lower, const char *name,
		     struct failure *f)
{
	const char *argv[] = { PROGRAM, "open", device, lower->verity, NULL, NULL, NULL };
	int r;

	if (access(PROGRAM, X_OK) < 0)
		return fail(f, ENOENT,
			    "build it with `" REBUILD_WITH_VERITY "`, or dracut's --add "
			    "rootovl-verity",
			    "%s: the initramfs has no " PROGRAM, name);
	if (lower->signature) {
		argv[4] = "--signature";
		argv[5] = lower->signature;
	}
	/* Of a try before this one. */
	verity_root_drop();
	r = run(argv, f);
	if (r > 0)
		r = fail(f, EIO, "report this with the journal", PROGRAM " ended with %d", r);
	if (r < 0)
		failure_prefix(f, "%s", name);
	return r;
}

static bool is_there(void)
{
	return access(VERITY_DEVICE, F_OK) == 0;
}

void verity_root_explain(struct failure *f)
{
	const char *const argv[] = { PROGRAM, "status", NULL };
	auto_failure struct failure ignored = { 0 };
	auto_free char *what = NULL;

	if (!is_there() || run(argv, &ignored) != CORRUPTED)
		return;
	what = xasprintf("%s: a block of the image is not that of rootovl.verity=", f->what);
	fail(f, EBADMSG, "it was changed, or its disk is faulty: make it again", "%s", what);
}

void verity_root_drop(void)
{
	const char *const argv[] = { PROGRAM, "close", NULL };
	auto_failure struct failure f = { 0 };

	if (is_there() && run(argv, &f) < 0)
		log_line(LOG_WARNING, "%s", f.what);
}

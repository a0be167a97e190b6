// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/lower/verity_root.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "src/common/verity_image.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define PROGRAM	 "/usr/lib/rootovl/rootovl-verity"
#define SAID_MAX (16 * 1024)
#define LEAST_S	 20 /* the shortest timeout, as for mount(2): a server may come back */

/* Reads the three lines of a failure; see --help of rootovl-verity. */
static int take_failure(const char *said, int status, struct failure *f)
{
	auto_strv char **lines = strv_split(said, "\n");
	int code;

	if (strv_len(lines) >= 2 && sscanf(lines[0], "failed %d", &code) == 1 && code > 0)
		return fail(f, code, lines[2], "%s", lines[1]);
	return fail(f, EIO, "report this with the journal", PROGRAM " ended with %d", status);
}

struct patience {
	uint64_t end; /* clock_ms() */
	volatile sig_atomic_t over;
};

static void look_at_clock(void *arg)
{
	struct patience *patience = arg;

	patience->over = clock_ms() >= patience->end;
}

/* Runs rootovl-verity. Returns its exit status, or -errno if it could not run. */
static int run(const char *const argv[], unsigned seconds, struct failure *f)
{
	auto_close int said = memfd_create("said", MFD_CLOEXEC);
	struct program program = { .argv = argv, .output = said, .errors = -1 };
	struct patience patience = { .end = clock_ms() + seconds * UINT64_C(1000) };
	const struct program_watch watch = { &patience.over, look_at_clock, &patience };
	auto_free char *text = NULL;
	size_t len;
	int r = program_run(&program, &watch, f);

	/* The time is over, so the error must not be one that causes another attempt. */
	if (patience.over && r == -EINTR)
		return fail(f, ETIME, "its disk or server stands still: is it there and well?",
			    "nothing came of reading it for %u s", seconds);
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
	/* Removes the device of an earlier attempt. */
	verity_root_drop();
	r = run(argv, lower->timeout > LEAST_S ? lower->timeout : LEAST_S, f);
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

	if (!is_there() || run(argv, LEAST_S, &ignored) != VERITY_CORRUPTED)
		return;
	what = xasprintf("%s: a block of the image is not that of rootovl.verity=", f->what);
	fail(f, EBADMSG, "it was changed, or its disk is faulty: make it again", "%s", what);
}

void verity_root_drop(void)
{
	const char *const argv[] = { PROGRAM, "close", NULL };
	auto_failure struct failure f = { 0 };

	if (is_there() && run(argv, LEAST_S, &f) < 0)
		log_line(LOG_WARNING, "%s", f.what);
}

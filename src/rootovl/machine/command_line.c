// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/command_line.h"

#include "src/common/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>

#define CMDLINE_MAX 65536

/*
 * Adds the parameters in a file. Records a failure if the file cannot be read, unless `f` has a
 * failure already.
 */
static int add_file(struct cmdline *cmdline, const char *path, const char *hint, struct failure *f)
{
	auto_free char *text = NULL;
	int r = file_read(AT_FDCWD, path, CMDLINE_MAX, &text);

	if (r == 0)
		cmdline_add(cmdline, text);
	else if (!f->code && r == -EILSEQ)
		return fail(f, EILSEQ, hint, "%s: there is a NUL in it: it is no text", path);
	else if (!f->code)
		return fail_errno(f, -r, hint, "%s", path);
	return r;
}

static void add_files(struct cmdline *cmdline, const char *pattern, struct failure *f)
{
	glob_t files;

	if (glob(pattern, 0, NULL, &files) != 0)
		return;
	for (size_t i = 0; i < files.gl_pathc; i++)
		add_file(cmdline, files.gl_pathv[i],
			 "words of the kernel line, 64 KiB at most; which initrd brings it?", f);
	globfree(&files);
}

int command_line_read(struct cmdline *cmdline, struct failure *f)
{
	add_files(cmdline, "/etc/cmdline.d/*.conf", f);
	add_files(cmdline, "/run/initramfs/cmdline.d/*.conf", f);
	add_file(cmdline, "/proc/cmdline", "is /proc mounted?", f);
	return -f->code;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/booted/report_print.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/report/report_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define FILE_MAX (16 << 20)
#define JSON	 ".json"

/* Reads the report NAME.json, or the file beside it with another ending. */
static int read_file(const char *report, const char *ending, char **ret, struct failure *f)
{
	size_t len = strlen(report), cut = strlen(JSON);
	bool is_json = len > cut && !strcmp(report + len - cut, JSON);
	auto_free char *path = xasprintf("%.*s%s", (int)(is_json ? len - cut : len), report,
					 !strcmp(ending, JSON) && !is_json ? "" : ending);
	int r = file_read(AT_FDCWD, path, FILE_MAX, ret);

	if (r == -ENOENT && access(report, F_OK) == 0)
		return fail(f, ENOENT, "rootovl of the initramfs or of a build host shows it",
			    "%s: there is no %s beside it", report, path);
	if (r < 0)
		return fail_errno(f, -r,
				  r == -ENOENT && !strcmp(report, RUN_REPORT)
					  ? "was this machine booted by rootovl?"
					  : NULL,
				  "%s", r == -ENOENT ? report : path);
	return 0;
}

static int print(const char *report, const char *ending, struct failure *f)
{
	auto_free char *text = NULL;
	int r = read_file(report, ending, &text, f);

	/* A job may have written the file: nothing in it steers the terminal. */
	for (unsigned char *c = (unsigned char *)text; r == 0 && *c; c++)
		if ((*c < ' ' && *c != '\n' && *c != '\t') || *c == 0x7f ||
		    (c[0] == 0xc2 && (c[1] & 0xe0) == 0x80))
			*c = '?';
	if (r == 0)
		r = file_write_fd(STDOUT_FILENO, text, strlen(text));
	return r < 0 && !f->what ? fail_errno(f, -r, NULL, "standard output") : r;
}

static int draw_to(const char *report, const char *path, struct failure *f)
{
	auto_close int out = -1;
	auto_free char *picture = NULL;
	int r = read_file(report, ".svg", &picture, f);

	if (r < 0)
		return r;
	out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	r = out < 0 ? -errno : file_write_fd(out, picture, strlen(picture));
	return r < 0 ? fail_errno(f, -r, NULL, "%s", path) : 0;
}

static int run(const struct command_line *line)
{
	const char *report = line->n_operands ? line->operands[0] : RUN_REPORT;
	const char *svg = command_value(line, "svg");
	bool as_json = command_value(line, "json");
	auto_failure struct failure f = { 0 };
	int r = svg ? draw_to(report, svg, &f) : 0;

	if (r == 0 && (as_json || !svg))
		r = print(report, as_json ? JSON : ".txt", &f);
	return r < 0 ? command_failed(&f) : 0;
}

const struct command command_report_print = { REPORT_ROW, .run = run };

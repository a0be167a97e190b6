// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/job2sh.h"

#include "initrd-builder/base/yaml_text.h"
#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"
#include "src/common/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCRIPT_MAX (16 * 1024 * 1024)
#define LINE_MAX   256

static bool in_path(const char *name)
{
	const char *path = getenv("PATH");
	auto_strv char **dirs = strv_split(path ? path : "/usr/bin:/bin", ":");

	for (size_t i = 0; dirs && dirs[i]; i++) {
		auto_free char *file = xasprintf("%s/%s", dirs[i], name);

		if (access(file, X_OK) == 0)
			return true;
	}
	return false;
}

/* Returns what is missing to run this program, or NULL. */
static const char *find_missing(const char *program)
{
	auto_close int fd = open(program, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char begin[LINE_MAX + 1] = "";
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || access(program, X_OK) < 0)
		return "--lkp-src has no sbin/job2sh";
	if (read(fd, begin, LINE_MAX) < 0)
		return "--lkp-src has no sbin/job2sh";
	begin[strcspn(begin, "\n")] = '\0';
	return strstr(begin, "ruby") && !in_path("ruby") ? "ruby is not installed" : NULL;
}

/* The first line of what it said that speaks of an error, or else the first one; owned. */
static char *find_error(int fd)
{
	auto_free char *text = NULL;
	auto_strv char **lines = NULL;
	size_t len;

	if (lseek(fd, 0, SEEK_SET) < 0 || file_read_fd(fd, SCRIPT_MAX, &text, &len) < 0)
		return NULL;
	lines = strv_split(text, "\n");
	for (size_t i = 0; lines && lines[i]; i++)
		if (strstr(lines[i], "Error") || strstr(lines[i], "ERROR"))
			return xstrdup(lines[i]);
	return lines ? xstrdup(lines[0]) : NULL;
}

static int read_script(int fd, const char *program, char **ret, struct failure *f)
{
	auto_free char *text = NULL;
	size_t len = 0;
	int r = lseek(fd, 0, SEEK_SET) < 0 ? -errno : file_read_fd(fd, SCRIPT_MAX, &text, &len);

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", program);
	if (len == 0 || strlen(text) != len)
		return fail(f, EBADMSG, NULL, "%s: it made no script", program);
	*ret = STEAL(text);
	return 0;
}

int job2sh(const char *lkp_src, const char *yaml, char **ret, const char **ret_missing,
	   struct failure *f)
{
	auto_free char *src = lkp_src ? realpath(lkp_src, NULL) : NULL, *job = realpath(yaml, NULL);
	auto_free char *path = xasprintf("%s/sbin/job2sh", src ? src : ""), *set = NULL,
		       *said = NULL;
	auto_close int out = -1, errors = -1;
	int r;

	*ret = NULL;
	*ret_missing = !lkp_src ? "there are no sources of LKP" : find_missing(path);
	if (*ret_missing)
		return 0;
	if (!job)
		return fail_errno(f, errno, NULL, "%s", yaml);
	out = memfd_create("job.sh", MFD_CLOEXEC);
	errors = memfd_create("errors", MFD_CLOEXEC);
	set = xasprintf("LKP_SRC=%s", src);
	const struct program program = {
		.argv = (const char *const[]){ path, job, NULL },
		.env = (const char *const[]){ set, NULL },
		.output = out,
		.errors = errors,
	};
	const struct program_watch watch = { .stop = &interrupted };

	if (out < 0 || errors < 0)
		return fail_errno(f, errno, NULL, "memfd_create(2)");
	r = program_run(&program, &watch, f);
	if (r == 0)
		return read_script(out, path, ret, f);
	if (r < 0)
		return r;
	said = find_error(errors);
	return fail(f, EINVAL, YAML_TEXT_SPLIT_HINT, "%s: status %d%s%s", path, r, said ? ": " : "",
		    said ? said : "");
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/lkp_status.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MAX   (1 << 20)
#define FAILED	   1
#define STATUS_MAX 255

struct results {
	int dir;
	struct timespec since;
};

/* Opens a file that was written since; -1: there is none. By ctime, which no machine sets. */
static int open_result(const struct results *results, const char *name)
{
	auto_close int fd = openat(results->dir, name,
				   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	const struct timespec *since = &results->since;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return -1;
	if (st.st_ctim.tv_sec < since->tv_sec ||
	    (st.st_ctim.tv_sec == since->tv_sec && st.st_ctim.tv_nsec < since->tv_nsec))
		return -1;
	return steal_fd(&fd);
}

static bool is_there(const struct results *results, const char *name)
{
	auto_close int fd = open_result(results, name);

	return fd >= 0;
}

/* NULL: there is none. Owned. */
static char *read_text(const struct results *results, const char *name)
{
	auto_close int fd = open_result(results, name);
	char *text = NULL;
	size_t len;

	return fd < 0 || file_read_fd(fd, TEXT_MAX, &text, &len) < 0 ? NULL : text;
}

/* Lines such as "test.hackbench.exit_code.1: 1" (lib/job.sh) and "is_incomplete_run: 1". */
static int from_last_state(const struct results *results)
{
	static const char word[] = "exit_code.";
	auto_free char *text = read_text(results, "last_state");
	const char *at = text;

	while (at && (at = strstr(at, word))) {
		unsigned long status = strtoul(at += strlen(word), NULL, 10);

		if (status > 0)
			return status > STATUS_MAX ? STATUS_MAX : (int)status;
	}
	return text && *text ? FAILED : -1;
}

/* The last job_state that run-lkp has put into the job's YAML. */
static int from_job_state(const struct results *results)
{
	/* Not the last words of a job. */
	static const char *const under_way[] = { "submit",	"booting",	"running",
						 "post_run",	"manual_check", "renew",
						 "wget_kernel", "wget_initrd",	"download" };
	static const char key[] = "job_state:";
	auto_free char *text = read_text(results, "job.yaml");
	auto_strv char **lines = text ? strv_split(text, "\n") : NULL, **words = NULL;
	const char *state = NULL;

	for (size_t i = 0; lines && lines[i]; i++)
		if (!strncmp(lines[i], key, strlen(key)))
			state = lines[i] + strlen(key);
	words = state ? strv_split(state, " \t\r'\"") : NULL;
	if (!words)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(under_way); i++)
		if (!strcmp(words[0], under_way[i]))
			return -1;
	return strcmp(words[0], "finished") == 0 ? 0 : FAILED;
}

int lkp_status(int dir, struct timespec since)
{
	const struct results results = { dir, since };
	int status = from_last_state(&results);

	if (status < 0)
		status = from_job_state(&results);
	if (status < 0 && (is_there(&results, "OOM") || is_there(&results, "soft_timeout")))
		status = FAILED;
	/* bin/post-run brings it when run_job has ended. */
	if (status < 0 && is_there(&results, "boot-time"))
		status = 0;
	return status;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/cut_log.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define HEAD_MAX   (CUT_LOG_MAX - CUT_LOG_TAIL_MAX - 256)
#define CHUNK	   16384
#define ROUNDS_MAX 64 /* of a program that prints faster than it is read */

int cut_log_open(struct cut_log *output, const struct box *box, const char *name, struct failure *f)
{
	auto_free char *path = xasprintf("%s/%s", box->dir, name);
	int ends[2];

	*output = (struct cut_log)CUT_LOG_CLOSED;
	output->log = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (output->log < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	output->fd = ends[0];
	output->writer = ends[1];
	fcntl(output->fd, F_SETFL, O_NONBLOCK);
	output->tail = xcalloc(CUT_LOG_TAIL_MAX, 1);
	return 0;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void cut_log_started(struct cut_log *output)
{
	close_fd(&output->writer);
}

static void keep(struct cut_log *output, const char *data, size_t len)
{
	size_t head = HEAD_MAX - output->written < len ? HEAD_MAX - output->written : len;

	file_write_fd(output->log, data, head);
	output->written += head;
	for (size_t i = head; i < len; i++)
		output->tail[output->tailed++ % CUT_LOG_TAIL_MAX] = data[i];
}

bool cut_log_take(struct cut_log *output)
{
	char data[CHUNK];
	ssize_t n = output->fd < 0 ? 0 : read(output->fd, data, sizeof(data));

	if (n > 0)
		keep(output, data, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		close_fd(&output->fd);
	return n > 0;
}

/* From the first whole line of the ring, where it has run over. */
static void write_tail(const struct cut_log *output)
{
	size_t begin = 0, len = output->tailed;
	auto_free char *text = NULL, *cut = NULL;
	const char *line;

	if (len > CUT_LOG_TAIL_MAX) {
		begin = len % CUT_LOG_TAIL_MAX;
		len = CUT_LOG_TAIL_MAX;
	}
	text = xcalloc(len + 1, 1);
	for (size_t i = 0; i < len; i++)
		text[i] = output->tail[(begin + i) % CUT_LOG_TAIL_MAX];
	line = output->tailed > len ? memchr(text, '\n', len) : NULL;
	line = line ? line + 1 : text;
	len -= (size_t)(line - text);
	if (output->tailed > len) {
		cut = xasprintf("\ntestbox: %zu bytes are left out here\n", output->tailed - len);
		file_write_fd(output->log, cut, strlen(cut));
	}
	file_write_fd(output->log, line, len);
}

void cut_log_close(struct cut_log *output)
{
	close_fd(&output->writer);
	for (int i = 0; i < ROUNDS_MAX && cut_log_take(output); i++)
		;
	close_fd(&output->fd);
	if (output->log >= 0 && output->tail)
		write_tail(output);
	close_fd(&output->log);
	free(output->tail);
	output->tail = NULL;
}

char *cut_log_last_line(const struct box *box, const char *name)
{
	auto_free char *path = xasprintf("%s/%s", box->dir, name), *text = NULL;
	auto_strv char **lines = NULL;
	size_t n;

	if (file_read(AT_FDCWD, path, CUT_LOG_MAX, &text) < 0)
		return NULL;
	lines = strv_split(text, "\n");
	n = strv_len(lines);
	return n ? xstrdup(lines[n - 1]) : xasprintf("see %s", path);
}

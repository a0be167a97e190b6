// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whatever a web server says: header lines up to an empty one, then the body, and the same once
 * more for a second connection. Never more than the size that was said is written.
 */
#include "src/fetch/transfer.h"

#include "src/common/mem.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* One line, as libcurl gives it to http_headers_read(). */
static void take_line(struct http_answer *answer, long *status, const char *line, size_t len)
{
	auto_free char *text = xstrndup(line, len);
	char *value = strchr(text, ':');

	text[strcspn(text, "\r\n")] = '\0';
	if (!strncmp(text, "HTTP/1.1 ", 9))
		*status = strtol(text + 9, NULL, 10);
	if (!value)
		return;
	*value++ = '\0';
	value += strspn(value, " ");
	for (int i = 0; i < HTTP_RESUME_HEADERS; i++)
		if (!strcasecmp(text, http_resume_name(i)))
			http_resume_set(answer, i, value);
}

/* What holds of every answer. */
static void check(const struct http_answer *answer, const struct transfer *transfer)
{
	const char *validator = http_resume_validator(answer);

	if (validator && validator[0] != '"' && answer->headers[HTTP_RESUME_ETAG])
		abort();
	if (http_resume_is_rest(answer, transfer->done, transfer->size) &&
	    transfer->size <= transfer->done)
		abort();
}

/* One answer, of `len` bytes. */
static void answer(struct transfer *transfer, const char *text, size_t len)
{
	struct http_answer answer = { 0 };
	long status = 0;

	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t line = end ? (size_t)(end - text) + 1 : len;

		if (line == 1)
			break;
		take_line(&answer, &status, text, line);
		text += line;
		len -= line;
	}
	check(&answer, transfer);
	if (len > 1 && transfer_judge(transfer, status, &answer) == 0)
		(void)transfer_body(transfer, text + 1, len - 1);
	http_resume_done(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_failure struct failure f = { 0 };
	/* statvfs(3) says of a memfd that it has no room. */
	int file = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	const struct fetch_request request = { .file = file };
	const uint8_t *cut = size ? memchr(data, '\0', size) : NULL;
	size_t first = cut ? (size_t)(cut - data) : size;
	struct transfer transfer;
	struct stat st;

	if (file < 0 || transfer_begin(&transfer, &request, &f) < 0)
		abort();
	answer(&transfer, (const char *)data, first);
	if (cut)
		answer(&transfer, (const char *)cut + 1, size - first - 1);
	if (fstat(file, &st) < 0 || (uint64_t)st.st_size != transfer.done ||
	    transfer.done > transfer.size)
		abort();
	transfer_done(&transfer);
	close(file);
	return 0;
}

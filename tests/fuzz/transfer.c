// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whatever a web server says: header lines up to an empty one, then the body, and the same once
 * more for a second connection. Never more than the size that was said is written.
 */
#include "src/fetch/transfer.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One answer, of `len` bytes; false: nothing more is wanted of it. */
static void answer(struct transfer *transfer, const char *text, size_t len)
{
	transfer->answer = (struct answer){ 0 };
	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t line = end ? (size_t)(end - text) + 1 : len;

		if (line == 1)
			break;
		transfer_header(transfer, text, line);
		text += line;
		len -= line;
	}
	if (len > 1)
		(void)transfer_body(transfer, text + 1, len - 1);
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

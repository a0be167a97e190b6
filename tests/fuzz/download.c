// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a web server says to testbox: header lines up to an empty one, then the body; and the same
 * after a NUL byte, for a second attempt. What is counted of the room is what is there, and no more
 * is written than a script may have.
 */
#include "src/testbox/download/download_transfer.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/stat.h>

#define MOST 1000 /* bytes of all files of a script */

static char folder[] = "/dev/shm/fuzz-download-XXXXXX";

static void remove_folder(void)
{
	file_remove_tree(folder);
}

/* The cache of all runs of this process; no run leaves a file in it. */
static const struct download_cache *open_cache(void)
{
	static struct download_cache cache;
	auto_failure struct failure f = { 0 };

	if (!cache.path) {
		must(mkdtemp(folder) && atexit(remove_folder) == 0);
		must(download_cache_open(&cache, folder, &f) == 0);
	}
	return &cache;
}

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

static void check(const struct download_transfer *transfer)
{
	struct stat st;

	must(fstat(transfer->part, &st) == 0 && (uint64_t)st.st_size == transfer->part_size);
	must(transfer->part_size <= MOST && transfer->room->sum <= MOST);
	must(transfer->share.counted == transfer->room->sum);
	must(transfer->share.awaited == transfer->room->awaited);
	must(transfer->room->awaited <= MOST);
}

/* One attempt, as download_transfer.c makes it of what libcurl hands it. */
static void attempt(struct download_transfer *transfer, const char *text, size_t len)
{
	auto_failure struct failure f = { 0 };
	long status = 0;
	bool fits;

	must(download_transfer_start(transfer, &f) == 0);
	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t line = end ? (size_t)(end - text) + 1 : len;

		if (line == 1)
			break;
		take_line(&transfer->answer, &status, text, line);
		text += line;
		len -= line;
	}
	if (len > 1 && (status == 200 || status == 206)) {
		fits = download_transfer_begin(transfer, status) == 0 &&
		       download_transfer_body(transfer, text + 1, len - 1) == 0;
		must(fits != !!transfer->failure.code);
		if (fits)
			check(transfer);
	}
	download_transfer_finish(transfer, CURLE_PARTIAL_FILE, &f);
	must(f.code && f.what && !strchr(f.what, '\n'));
	download_transfer_stop(transfer);
	must(transfer->room->awaited == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct download_options options = { .patience = 1 };
	const uint8_t *cut = size ? memchr(data, '\0', size) : NULL;
	size_t first = cut ? (size_t)(cut - data) : size;
	struct download_room room = { .cache = open_cache(), .most = MOST };
	struct download_transfer transfer = {
		.options = &options,
		.cache = room.cache,
		.room = &room,
		.url = "http://files/x",
		.shown = xstrdup("http://files/x"),
		.whole = -1,
	};
	auto_failure struct failure f = { 0 };

	must(download_cache_lock(room.cache, transfer.url, &transfer.entry, &f) == 1);
	attempt(&transfer, (const char *)data, first);
	if (cut)
		attempt(&transfer, (const char *)cut + 1, size - first - 1);
	download_cache_part_drop(room.cache, &transfer.entry);
	download_transfer_end(&transfer);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/download_transfer.h"

#include "src/common/mem.h"
#include "src/testbox/download/curl_setup.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* No kernel and no initrd is larger: a server that sends for ever ends here. */
#define FILE_MAX (64ull << 30)
/* A server is given up for this attempt after so many seconds without a byte. */
#define STALL_SECONDS 20

/* Can a part of a file with this date be gone on with? RFC 9110, 8.8.2.2: not within its second. */
static bool date_is_strong(const char *modified, const char *date)
{
	time_t changed = modified ? curl_getdate(modified, NULL) : -1;
	time_t now = date ? curl_getdate(date, NULL) : -1;

	return changed != -1 && now != -1 && now > changed;
}

/* What If-Range may say of this answer; NULL: nothing. A weak ETag is of no use for parts. */
static const char *validator(const struct download_transfer *transfer)
{
	if (transfer->etag)
		return strncmp(transfer->etag, "W/", 2) ? transfer->etag : NULL;
	return date_is_strong(transfer->modified, transfer->date) ? transfer->modified : NULL;
}

/* The cache's notes are JSON, which holds no other bytes as they are. */
static bool is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

static void take(char **where, const char *line, size_t len, const char *name)
{
	size_t n = strlen(name);

	if (len <= n || strncasecmp(line, name, n) != 0)
		return;
	line += n;
	len -= n;
	while (len && (*line == ' ' || *line == '\t')) {
		line++;
		len--;
	}
	while (len && strchr("\r\n \t", line[len - 1]))
		len--;
	free(*where);
	*where = len && is_ascii(line, len) ? xstrndup(line, len) : NULL;
}

static void forget_headers(struct download_transfer *transfer)
{
	free(transfer->etag);
	free(transfer->modified);
	free(transfer->date);
	free(transfer->range);
	transfer->etag = transfer->modified = transfer->date = transfer->range = NULL;
}

static size_t on_header(char *line, size_t size, size_t n, void *arg)
{
	struct download_transfer *transfer = arg;
	size_t len = size * n;

	/* A new answer, after a redirection for example. */
	if (len >= 5 && !strncmp(line, "HTTP/", 5))
		forget_headers(transfer);
	take(&transfer->etag, line, len, "ETag:");
	take(&transfer->modified, line, len, "Last-Modified:");
	take(&transfer->date, line, len, "Date:");
	take(&transfer->range, line, len, "Content-Range:");
	return len;
}

static long status_of(const struct download_transfer *transfer)
{
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/*
 * RFC 9110, 14.4: does the range go from the part's end to the file's? A server may give less than
 * was asked for: a whole answer is then no whole file.
 */
static bool is_rest(const struct download_transfer *transfer)
{
	unsigned long long first, last, size;
	int n = transfer->range
			? sscanf(transfer->range, "bytes %llu-%llu/%llu", &first, &last, &size)
			: 0;

	return n >= 2 && first == transfer->part_size && (n == 2 || last + 1 == size);
}

/* The first byte: does it go behind what is there, or is it a file from its beginning? */
static int begin_body(struct download_transfer *transfer, long status)
{
	curl_off_t length = -1;
	auto_free char *from = NULL;

	transfer->has_body = true;
	curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	transfer->total = length > 0 ? (uint64_t)length : 0;
	if (status == 206) {
		if (!is_rest(transfer))
			return fail(&transfer->failure, EBADMSG, NULL,
				    "%s: the server sent another part than was asked for",
				    transfer->shown);
		transfer->total += transfer->part_size;
		transfer->resumed = true;
		return 0;
	}
	transfer->part_size = 0;
	transfer->resumed = false;
	from = validator(transfer) ? xstrdup(validator(transfer)) : NULL;
	return download_cache_part_restart(transfer->cache, &transfer->entry, transfer->part, from,
					   &transfer->failure);
}

static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
	struct download_transfer *transfer = arg;
	long status = status_of(transfer);
	size_t len = size * n, done = 0;

	/* The page that explains an error. */
	if (status != 200 && status != 206)
		return len;
	if (!transfer->has_body && begin_body(transfer, status) < 0)
		return CURL_WRITEFUNC_ERROR;
	while (done < len) {
		ssize_t wrote = write(transfer->part, data + done, len - done);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0) {
			fail_errno(&transfer->failure, errno, NULL, "cannot write to the cache %s",
				   transfer->cache->path);
			return CURL_WRITEFUNC_ERROR;
		}
		done += (size_t)wrote;
	}
	transfer->part_size += len;
	if (transfer->part_size > FILE_MAX) {
		fail(&transfer->failure, EFBIG, NULL, "%s: it does not end after %llu GiB",
		     transfer->shown, FILE_MAX >> 30);
		return CURL_WRITEFUNC_ERROR;
	}
	return len;
}

/* The headers of the question, by what the cache has. */
static void ask(struct download_transfer *transfer, const char *from)
{
	struct curl_slist *list = NULL;
	auto_free char *line = NULL, *range = NULL;

	if (from) {
		line = xasprintf("If-Range: %s", from);
		list = curl_slist_append(list, line);
		range = xasprintf("%llu-", (unsigned long long)transfer->part_size);
		curl_easy_setopt(transfer->easy, CURLOPT_RANGE, range);
	} else if (transfer->whole >= 0 && transfer->entry.etag) {
		line = xasprintf("If-None-Match: %s", transfer->entry.etag);
		list = curl_slist_append(list, line);
	} else if (transfer->whole >= 0 && transfer->entry.modified) {
		line = xasprintf("If-Modified-Since: %s", transfer->entry.modified);
		list = curl_slist_append(list, line);
	}
	transfer->asked = list;
	curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, list);
}

static void set_up(struct download_transfer *transfer)
{
	CURL *easy = transfer->easy;
	unsigned patience = transfer->options->patience;
	long stall = patience < STALL_SECONDS ? (long)patience : STALL_SECONDS;

	curl_setup(easy, transfer->url, transfer->options->ca_file, transfer->error);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, stall);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, stall);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
}

int download_transfer_start(struct download_transfer *transfer, struct failure *f)
{
	auto_free char *from = NULL;

	transfer->part = download_cache_part(transfer->cache, &transfer->entry, &from,
					     &transfer->part_size, f);
	if (transfer->part < 0)
		return -f->code;
	transfer->easy = curl_easy_init();
	if (!transfer->easy)
		return fail(f, ENOMEM, NULL, "libcurl does not start");
	if (from && transfer->part_size > transfer->farthest)
		transfer->farthest = transfer->part_size;
	transfer->has_body = false;
	set_up(transfer);
	ask(transfer, from);
	return 0;
}

static bool can_heal(CURLcode code)
{
	switch (code) {
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_TOO_MANY_REDIRECTS:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ENGINE_INITFAILED:
	case CURLE_NOT_BUILT_IN:
	case CURLE_OUT_OF_MEMORY:
		return false;
	default:
		return true;
	}
}

static enum transfer_verdict status_verdict(const struct download_transfer *transfer, long status,
					    struct failure *f)
{
	bool heals = status >= 500 || status == 408 || status == 429;

	fail(f, status == 404 || status == 410 ? ENOENT : EIO, NULL, "%s: HTTP status %ld",
	     transfer->shown, status);
	return heals ? VERDICT_AGAIN : VERDICT_FAILED;
}

static enum transfer_verdict whole_verdict(struct download_transfer *transfer, struct failure *f)
{
	if (!transfer->has_body || transfer->part_size == 0) {
		fail(f, ENODATA, NULL, "%s: it is empty", transfer->shown);
		return VERDICT_FAILED;
	}
	if (download_cache_commit(transfer->cache, &transfer->entry, transfer->part, transfer->etag,
				  transfer->modified, f) < 0)
		return VERDICT_FAILED;
	if (transfer->whole >= 0)
		close(transfer->whole);
	transfer->whole = download_cache_file(transfer->cache, &transfer->entry);
	if (transfer->whole < 0) {
		fail_errno(f, -transfer->whole, NULL, "cannot read the cache %s",
			   transfer->cache->path);
		return VERDICT_FAILED;
	}
	return VERDICT_DONE;
}

/* What is there is no part of what the server has now. */
static enum transfer_verdict part_is_useless(struct download_transfer *transfer, struct failure *f)
{
	if (download_cache_part_restart(transfer->cache, &transfer->entry, transfer->part, NULL,
					f) < 0)
		return VERDICT_FAILED;
	fail(f, EAGAIN, NULL, "%s: the part in the cache is of no use", transfer->shown);
	return VERDICT_AGAIN;
}

enum transfer_verdict download_transfer_finish(struct download_transfer *transfer, CURLcode code,
					       struct failure *f)
{
	long status = status_of(transfer);

	if (transfer->failure.code == EBADMSG)
		return part_is_useless(transfer, f);
	if (transfer->failure.code) {
		/* A part that cannot be completed takes the room that others need. */
		if (transfer->failure.code == ENOSPC || transfer->failure.code == EFBIG)
			part_is_useless(transfer, f);
		fail(f, transfer->failure.code, transfer->failure.hint, "%s",
		     transfer->failure.what);
		return VERDICT_FAILED;
	}
	if (code != CURLE_OK) {
		fail(f, EIO, NULL, "%s: %s", transfer->shown,
		     *transfer->error ? transfer->error : curl_easy_strerror(code));
		return can_heal(code) ? VERDICT_AGAIN : VERDICT_FAILED;
	}
	if (status == 304 && transfer->whole >= 0) {
		download_cache_confirm(transfer->cache, &transfer->entry);
		transfer->from_cache = true;
		return VERDICT_DONE;
	}
	if (status == 416 && transfer->part_size)
		return part_is_useless(transfer, f);
	if (status != 200 && status != 206)
		return status_verdict(transfer, status, f);
	return whole_verdict(transfer, f);
}

void download_transfer_stop(struct download_transfer *transfer)
{
	if (!transfer->easy)
		return;
	curl_easy_cleanup(transfer->easy);
	transfer->easy = NULL;
	curl_slist_free_all(transfer->asked);
	transfer->asked = NULL;
	download_cache_part_close(transfer->cache, &transfer->entry, transfer->part);
	forget_headers(transfer);
	failure_done(&transfer->failure);
	transfer->error[0] = '\0';
}

void download_transfer_end(struct download_transfer *transfer)
{
	download_transfer_stop(transfer);
	download_cache_unlock(&transfer->entry);
	if (transfer->whole >= 0)
		close(transfer->whole);
	transfer->whole = -1;
	free(transfer->shown);
	transfer->shown = NULL;
}

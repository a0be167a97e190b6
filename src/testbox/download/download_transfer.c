// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/download_transfer.h"

#include "src/common/files.h"
#include "src/common/http_headers.h"
#include "src/common/mem.h"
#include "src/testbox/download/curl_setup.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* A server is given up for this attempt after so many seconds without a byte. */
#define STALL_SECONDS 20

static long status_of(const struct download_transfer *transfer)
{
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* Does it go behind what is there, or is it a file from its beginning? */
static int begin_part(struct download_transfer *transfer, long status)
{
	transfer->resumed = status == 206;
	if (!transfer->resumed) {
		transfer->part_size = 0;
		return download_cache_part_restart(
			transfer->cache, &transfer->entry, transfer->part,
			http_resume_validator(&transfer->answer), &transfer->failure);
	}
	if (http_resume_is_rest(&transfer->answer, transfer->part_size, HTTP_RESUME_UNKNOWN))
		return 0;
	return fail(&transfer->failure, EBADMSG, NULL,
		    "%s: the server sent another part than was asked for", transfer->shown);
}

int download_transfer_begin(struct download_transfer *transfer, long status)
{
	uint64_t length = http_resume_length(&transfer->answer);
	int r = begin_part(transfer, status);

	if (length == HTTP_RESUME_UNKNOWN)
		length = 0;
	transfer->has_body = true;
	if (r == 0)
		r = download_room_begin(transfer->room, &transfer->share, transfer->part_size,
					length, transfer->shown, &transfer->failure);
	transfer->total = length ? transfer->part_size + length : 0;
	return r;
}

int download_transfer_body(struct download_transfer *transfer, const void *data, size_t len)
{
	int r = download_room_take(transfer->room, &transfer->share, len, transfer->shown,
				   &transfer->failure);

	if (r < 0)
		return r;
	r = file_write_fd(transfer->part, data, len);
	if (r < 0)
		return fail_errno(&transfer->failure, -r, NULL, "cannot write to the cache %s",
				  transfer->cache->path);
	transfer->part_size += len;
	return 0;
}

static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
	struct download_transfer *transfer = arg;
	long status = status_of(transfer);

	/* The page that explains an error. */
	if (status != 200 && status != 206)
		return size * n;
	if (!transfer->has_body) {
		http_headers_read(transfer->easy, &transfer->answer);
		if (download_transfer_begin(transfer, status) < 0)
			return CURL_WRITEFUNC_ERROR;
	}
	return download_transfer_body(transfer, data, size * n) < 0 ? CURL_WRITEFUNC_ERROR
								    : size * n;
}

/* The headers of the question, by what the cache has. */
static void ask(struct download_transfer *transfer, const char *from)
{
	struct curl_slist *list = NULL;
	auto_free char *line = NULL;

	if (from) {
		list = http_headers_resume(transfer->easy, transfer->part_size, from);
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
	transfer->policy = (struct address_policy){
		.base = transfer->options->scheduler,
		.reach = transfer->options->reach,
	};
	address_policy_apply(easy, &transfer->policy);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, stall);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, stall);
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
	fail(f, status == 404 || status == 410 ? ENOENT : EIO, NULL, "%s: HTTP status %ld",
	     transfer->shown, status);
	return http_resume_heals(status) ? VERDICT_AGAIN : VERDICT_FAILED;
}

static enum transfer_verdict whole_verdict(struct download_transfer *transfer, struct failure *f)
{
	if (!transfer->has_body || transfer->part_size == 0) {
		fail(f, ENODATA, NULL, "%s: it is empty", transfer->shown);
		return VERDICT_FAILED;
	}
	if (download_cache_commit(transfer->cache, &transfer->entry, transfer->part,
				  transfer->answer.headers[HTTP_RESUME_ETAG],
				  transfer->answer.headers[HTTP_RESUME_MODIFIED], f) < 0)
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
		fail(f, transfer->failure.code, transfer->failure.hint, "%s",
		     transfer->failure.what);
		return VERDICT_FAILED;
	}
	if (address_policy_check(&transfer->policy, code, transfer->shown, f) < 0)
		return VERDICT_FAILED;
	if (code != CURLE_OK) {
		fail(f, EIO,
		     code == CURLE_UNSUPPORTED_PROTOCOL
			     ? "a redirect may lead to http and https, from https to https"
			     : NULL,
		     "%s: %s", transfer->shown,
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
	download_room_end(transfer->room, &transfer->share);
	download_cache_part_close(transfer->cache, &transfer->entry, transfer->part);
	http_resume_done(&transfer->answer);
	address_policy_done(&transfer->policy);
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

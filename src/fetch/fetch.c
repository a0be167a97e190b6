// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/fetch/fetch.h"

#include "src/common/clock.h"
#include "src/common/connect.h"
#include "src/common/http_headers.h"
#include "src/fetch/transfer.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <string.h>

#define CONNECT_MS    5000  /* until a silent server counts as one that is not there */
#define SLOW_BYTES    1024  /* a second; less than this for … */
#define SLOW_S	      20    /* … so long, and the connection counts as broken */
#define PAUSE_MS      1000  /* between two tries */
#define WAITING_MS    10000 /* between two lines that say what is waited for */
#define REDIRECTS_MAX 5

/* One attempt. */
struct connection {
	CURL *curl;
	struct transfer *transfer;
	bool judged; /* the first byte of a file has come, and it may have more */
};

/* The first bytes at once, that something is waited for only after a while. */
static void tell(struct transfer *transfer, const char *waiting)
{
	const struct fetch_request *request = transfer->request;
	unsigned pause = waiting ? WAITING_MS : transfer->shown ? request->progress_ms : 0;
	uint64_t now = clock_ms();

	if (now - transfer->said < pause)
		return;
	transfer->said = now;
	transfer->shown |= !waiting;
	request->progress(transfer->done, transfer->size, waiting);
}

static long status_of(CURL *curl)
{
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static int judge(struct connection *connection, long status)
{
	struct http_answer answer = { 0 };
	int r;

	http_headers_read(connection->curl, &answer);
	r = transfer_judge(connection->transfer, status, &answer);
	http_resume_done(&answer);
	return r;
}

static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
	struct connection *connection = arg;
	long status = status_of(connection->curl);

	/* What comes with a refusal is a page for people. */
	if (status >= 300)
		return size * n;
	if (!connection->judged && judge(connection, status) < 0)
		return 0;
	connection->judged = true;
	if (transfer_body(connection->transfer, data, size * n) < 0)
		return 0;
	tell(connection->transfer, NULL);
	return size * n;
}

/* Called by curl several times a second, also while nothing comes. */
static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct connection *connection = arg;

	(void)a, (void)b, (void)c, (void)d;
	return clock_ms() >= transfer_last_moment(connection->transfer);
}

/* What curl cannot do, as an errno value that connect_heals() knows. */
static int curl_code(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_CONNECT:
		return ECONNREFUSED;
	case CURLE_COULDNT_RESOLVE_HOST:
		return EAGAIN;
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_ABORTED_BY_CALLBACK:
		return ETIMEDOUT;
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_SSL_CONNECT_ERROR:
		return ECONNRESET;
	default:
		return EPROTO;
	}
}

static const struct hint {
	CURLcode code;
	const char *hint;
} hints[] = {
	{ CURLE_COULDNT_RESOLVE_HOST,
	  "check the name, and the name servers: ip=dhcp or nameserver=" },
	{ CURLE_COULDNT_CONNECT, "is the server up, and this port open?" },
	{ CURLE_OPERATION_TIMEDOUT, "is the server up? Is the network slow?" },
	{ CURLE_PEER_FAILED_VERIFICATION,
	  "does the image have the server's CA, and the machine the right time? See "
	  "rootovl.cmdline(7)" },
	{ CURLE_SSL_CACERT_BADFILE, "the file of CA certificates: see rootovl.cmdline(7)" },
	{ CURLE_TOO_MANY_REDIRECTS, "name the file itself" },
	{ CURLE_UNSUPPORTED_PROTOCOL,
	  "a redirect may lead to http and https, from https to https" },
};

static int fail_curl(struct transfer *transfer, CURLcode code, const char *said)
{
	const char *hint = "the server's log may say more";

	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (hints[i].code == code)
			hint = hints[i].hint;
	return fail(transfer->f, curl_code(code), hint, "%s",
		    *said ? said : curl_easy_strerror(code));
}

/*
 * A status is the server's word: 429 and the like, and its own failures, may pass. 416: the file is
 * shorter than what came of it.
 */
static int fail_status(struct transfer *transfer, long status)
{
	bool restarts = status == 416 && transfer->done && transfer_restart(transfer) == 0;
	bool heals = restarts || http_resume_heals(status);

	return fail(transfer->f,
		    heals	    ? EAGAIN
		    : status == 404 ? ENOENT
				    : EACCES,
		    status == 404 ? "check the path" : "the server's log may say more",
		    "the server answers with %ld", status);
}

static int one_connection(CURL *curl, struct transfer *transfer)
{
	struct connection connection = { .curl = curl, .transfer = transfer };
	char said[CURL_ERROR_SIZE] = "";
	struct curl_slist *more = http_headers_resume(curl, transfer->done, transfer->validator);
	CURLcode code;

	failure_done(transfer->f);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, more);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, said);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &connection);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &connection);
	code = curl_easy_perform(curl);
	curl_slist_free_all(more);
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return transfer_fail_slow(transfer);
	if (code == CURLE_OK && status_of(curl) >= 300)
		return fail_status(transfer, status_of(curl));
	if (code == CURLE_OK)
		return transfer_check(transfer);
	/* What on_body() refused, it has said. */
	return transfer->f->what ? -transfer->f->code : fail_curl(transfer, code, said);
}

static void set_options(CURL *curl, const struct fetch_request *request)
{
	bool https = !strncasecmp(request->url, "https:", 6);
	struct curl_blob ca = { .data = (char *)request->ca_text, .flags = CURL_BLOB_COPY };

	ca.len = request->ca_text ? strlen(request->ca_text) : 0;
	curl_easy_setopt(curl, CURLOPT_URL, request->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, https ? "https" : "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "rootovl/" ROOTOVL_VERSION);
	if (request->ca_text)
		curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &ca);
	else if (request->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, request->ca_file);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
}

/* Until it is there, or fails for good, or comes no further or too slowly. */
static int fetch_on(CURL *curl, struct transfer *transfer)
{
	uint64_t patience = transfer->request->patience * 1000ull;

	for (;;) {
		int r = one_connection(curl, transfer);

		if (r == 0 || !connect_heals(-r))
			return r;
		if (clock_ms() - transfer->last_byte >= patience)
			return fail(transfer->f, -r, transfer->f->hint, "%s, for %u s",
				    transfer->f->what, transfer->request->patience);
		if (clock_ms() >= transfer_last_moment(transfer))
			return transfer_fail_slow(transfer);
		tell(transfer, transfer->f->what);
		if (!transfer_resumes(transfer) && transfer_restart(transfer) < 0)
			return r;
		poll(NULL, 0, PAUSE_MS);
	}
}

int fetch(const struct fetch_request *request, struct failure *f)
{
	struct transfer transfer;
	CURL *curl = curl_global_init(CURL_GLOBAL_DEFAULT) == 0 ? curl_easy_init() : NULL;
	int r = transfer_begin(&transfer, request, f);

	if (!curl)
		r = fail(f, ENOMEM, NULL, "libcurl does not start");
	if (r == 0) {
		set_options(curl, request);
		r = fetch_on(curl, &transfer);
	}
	transfer_done(&transfer);
	curl_easy_cleanup(curl);
	curl_global_cleanup();
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/scheduler/http.h"

#include "src/common/mem.h"
#include "src/common/url.h"
#include "src/testbox/download/address_policy.h"
#include "src/testbox/download/curl_setup.h"

#include <errno.h>
#include <string.h>

#define BODY_MAX	(1 << 20)
#define CONNECT_SECONDS 20L

struct answer {
	char *text;
	size_t len;
	const volatile sig_atomic_t *stop;
	struct address_policy policy;
};

static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
	struct answer *answer = arg;
	size_t len = size * n;

	/* The sum is small: curl gives no more than 16 KiB at a time. */
	if (answer->len + len > BODY_MAX)
		return CURL_WRITEFUNC_ERROR;
	answer->text = xreallocarray(answer->text, answer->len + len + 1, 1);
	memcpy(answer->text + answer->len, data, len);
	answer->len += len;
	answer->text[answer->len] = '\0';
	return len;
}

static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct answer *answer = arg;

	(void)a, (void)b, (void)c, (void)d;
	return answer->stop && *answer->stop;
}

static void set_up(CURL *easy, const struct http_request *request, struct answer *answer,
		   struct curl_slist *headers, char *error)
{
	curl_setup(easy, request->url, request->ca_file, error);
	address_policy_apply(easy, &answer->policy);
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
	if (request->json)
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->json);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)request->seconds);
	/* A scheduler may take minutes to answer: a dead one is noticed. */
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, answer);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	if (request->cookie)
		curl_easy_setopt(easy, CURLOPT_COOKIE, request->cookie);
}

static struct curl_slist *headers_of(const struct http_request *request)
{
	struct curl_slist *headers = NULL;

	if (request->json)
		headers = curl_slist_append(NULL, "Content-Type: application/json");
	if (request->token) {
		auto_free char *line = xasprintf("Authorization: %s", request->token);

		headers = curl_slist_append(headers, line);
	}
	return headers;
}

static curl_mime *add_form(CURL *easy, const char *file)
{
	curl_mime *form = curl_mime_init(easy);
	curl_mimepart *part = curl_mime_addpart(form);

	curl_mime_name(part, "file");
	curl_mime_filedata(part, file);
	curl_easy_setopt(easy, CURLOPT_MIMEPOST, form);
	return form;
}

static int check_answer(CURLcode code, const struct http_request *request,
			const struct answer *answer, const char *error, struct failure *f)
{
	auto_free char *shown = url_shown(request->url);

	if (answer->stop && *answer->stop)
		return fail(f, EINTR, NULL, "%s: interrupted", shown);
	if (code == CURLE_WRITE_ERROR)
		return fail(f, EFBIG, NULL, "%s: the answer is larger than %d KiB", shown,
			    BODY_MAX >> 10);
	if (answer->text && strlen(answer->text) != answer->len)
		return fail(f, EBADMSG, NULL, "%s: the answer is no text", shown);
	if (address_policy_check(&answer->policy, code, shown, f) < 0)
		return -f->code;
	if (code != CURLE_OK)
		return fail(f, code == CURLE_PEER_FAILED_VERIFICATION ? EPERM : EIO, NULL, "%s: %s",
			    shown, *error ? error : curl_easy_strerror(code));
	return 0;
}

int http_ask(const struct http_request *request, char **ret, struct failure *f)
{
	struct answer answer = { .stop = request->stop, .policy.base = request->base };
	auto_free char *text = NULL;
	char error[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers = NULL;
	CURL *easy = curl_easy_init();
	curl_mime *form = NULL;
	long status = 0;
	int r;

	if (!easy)
		return fail(f, ENOMEM, NULL, "libcurl does not start");
	headers = headers_of(request);
	set_up(easy, request, &answer, headers, error);
	if (request->file)
		form = add_form(easy, request->file);
	r = check_answer(curl_easy_perform(easy), request, &answer, error, f);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(easy);
	curl_mime_free(form);
	curl_slist_free_all(headers);
	address_policy_done(&answer.policy);
	text = answer.text ? answer.text : xstrdup("");
	if (r < 0)
		return r;
	if (ret)
		*ret = STEAL(text);
	return (int)status;
}

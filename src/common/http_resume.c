// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/http_resume.h"

#include "src/common/mem.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

static const char *const names[] = {
	[HTTP_RESUME_LENGTH] = "Content-Length",
	[HTTP_RESUME_RANGE] = "Content-Range",
	[HTTP_RESUME_ETAG] = "ETag",
	[HTTP_RESUME_DATE] = "Date",
	[HTTP_RESUME_MODIFIED] = "Last-Modified",
};

const char *http_resume_name(enum http_resume_header header)
{
	return names[header];
}

void http_resume_set(struct http_answer *answer, enum http_resume_header header, const char *value)
{
	for (const char *c = value; *c; c++)
		if (*c < ' ' || *c > '~')
			return;
	set_text(&answer->headers[header], xstrdup(value));
}

void http_resume_done(struct http_answer *answer)
{
	for (size_t i = 0; i < HTTP_RESUME_HEADERS; i++)
		free(answer->headers[i]);
	*answer = (struct http_answer){ 0 };
}

/* Reads digits and moves *text behind them; false: there are none, or the number is too large. */
static bool take_number(const char **text, uint64_t *ret)
{
	if (!isdigit((unsigned char)**text))
		return false;
	*ret = 0;
	for (; isdigit((unsigned char)**text); (*text)++) {
		uint64_t digit = (uint64_t)(**text - '0');

		if (*ret > (UINT64_MAX - 1 - digit) / 10)
			return false;
		*ret = *ret * 10 + digit;
	}
	return true;
}

uint64_t http_resume_length(const struct http_answer *answer)
{
	const char *text = answer->headers[HTTP_RESUME_LENGTH];
	uint64_t length;

	return text && take_number(&text, &length) && !*text ? length : HTTP_RESUME_UNKNOWN;
}

/* RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT". Returns -1 for anything else. */
static time_t read_date(const char *text)
{
	struct tm tm = { 0 };
	const char *end = text ? strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm) : NULL;

	return end && !*end ? timegm(&tm) : -1;
}

const char *http_resume_validator(const struct http_answer *answer)
{
	const char *etag = answer->headers[HTTP_RESUME_ETAG];
	const char *modified = answer->headers[HTTP_RESUME_MODIFIED];
	time_t changed, now;

	if (etag)
		return *etag == '"' ? etag : NULL;
	/* A file can change twice within a second (8.8.2.2). */
	changed = read_date(modified);
	now = read_date(answer->headers[HTTP_RESUME_DATE]);
	return changed != -1 && now > changed ? modified : NULL;
}

bool http_resume_is_rest(const struct http_answer *answer, uint64_t from, uint64_t size)
{
	const char *text = answer->headers[HTTP_RESUME_RANGE];
	uint64_t first, last, all = HTTP_RESUME_UNKNOWN;

	/* RFC 9110, 14.4: "bytes 100-199/200", or "bytes 100-199" and "/" and "*". */
	if (!text || strncasecmp(text, "bytes ", 6) != 0)
		return false;
	text += 6;
	if (!take_number(&text, &first) || *text++ != '-' || !take_number(&text, &last) ||
	    *text++ != '/')
		return false;
	if (strcmp(text, "*") != 0 && (!take_number(&text, &all) || *text))
		return false;
	return first == from && last >= first && (all == HTTP_RESUME_UNKNOWN || all == last + 1) &&
	       (size == HTTP_RESUME_UNKNOWN || size == last + 1);
}

bool http_resume_heals(long status)
{
	return status >= 500 || status == 408 || status == 429;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resuming a download over HTTP (RFC 9110, 13 and 14): whether the rest of a file can be asked for,
 * and whether an answer is that rest. Pure; http_headers.h has what needs libcurl.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define HTTP_RESUME_UNKNOWN UINT64_MAX /* a size that is not known */

enum http_resume_header {
	HTTP_RESUME_LENGTH,   /* Content-Length */
	HTTP_RESUME_RANGE,    /* Content-Range */
	HTTP_RESUME_ETAG,     /* ETag */
	HTTP_RESUME_MODIFIED, /* Last-Modified */
	HTTP_RESUME_DATE,     /* Date */
	HTTP_RESUME_HEADERS,  /* how many they are */
};

/* The headers of one answer that count. Begin with all of it zero. */
struct http_answer {
	char *headers[HTTP_RESUME_HEADERS]; /* their values, owned; NULL: absent */
};

/* Returns the name of a header, "Content-Length". */
const char *http_resume_name(enum http_resume_header header);

/* Keeps the value of a header, unless it has a byte that is no printable ASCII. */
void http_resume_set(struct http_answer *answer, enum http_resume_header header, const char *value);

/* Releases the values and makes the answer empty again. */
void http_resume_done(struct http_answer *answer);

/* Returns the bytes of the body that Content-Length announces, or HTTP_RESUME_UNKNOWN. */
uint64_t http_resume_length(const struct http_answer *answer);

/*
 * Returns what If-Range can say to get the rest of this file later, or NULL: a strong ETag, or,
 * without any ETag, a strong Last-Modified (RFC 9110, 13.1.5). It belongs to the answer.
 */
const char *http_resume_validator(const struct http_answer *answer);

/*
 * Returns whether the body of a 206 is the file from byte `from` to its end. `size` is what is
 * known of the whole file's bytes, or HTTP_RESUME_UNKNOWN. A server may send less than it was asked
 * for.
 */
bool http_resume_is_rest(const struct http_answer *answer, uint64_t from, uint64_t size);

/* Returns whether a later attempt may get another status: 5xx, 408 and 429. */
bool http_resume_heals(long status);

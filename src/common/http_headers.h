/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers by which a download is resumed (http_resume.h), as libcurl sends and receives them.
 */
#pragma once

#include "src/common/http_resume.h"

#include <curl/curl.h>

/*
 * Reads the headers of the answer that a handle receives, after redirects that of the last one
 * (curl_easy_header(3)). *ret is empty before, and the caller's afterwards.
 */
void http_headers_read(CURL *curl, struct http_answer *ret);

/*
 * Lets the next request ask for the bytes from `from` on, and returns its header If-Range, or NULL
 * if `validator` is NULL. 0 asks for the complete file. The list is the caller's.
 */
struct curl_slist *http_headers_resume(CURL *curl, uint64_t from, const char *validator);

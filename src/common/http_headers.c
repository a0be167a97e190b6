// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/http_headers.h"

#include "src/common/mem.h"

#include <inttypes.h>

void http_headers_read(CURL *curl, struct http_answer *ret)
{
	struct curl_header *header;

	for (int i = 0; i < HTTP_RESUME_HEADERS; i++)
		if (curl_easy_header(curl, http_resume_name(i), 0, CURLH_HEADER, -1, &header) ==
		    CURLHE_OK)
			http_resume_set(ret, i, header->value);
}

struct curl_slist *http_headers_resume(CURL *curl, uint64_t from, const char *validator)
{
	auto_free char *range = from ? xasprintf("%" PRIu64 "-", from) : NULL;
	auto_free char *line = from && validator ? xasprintf("If-Range: %s", validator) : NULL;

	/* With CURLOPT_RESUME_FROM, curl would refuse an answer that is the complete file. */
	curl_easy_setopt(curl, CURLOPT_RANGE, range);
	return line ? curl_slist_append(NULL, line) : NULL;
}

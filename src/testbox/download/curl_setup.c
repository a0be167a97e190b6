// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/curl_setup.h"

#include <strings.h>

#define PROTOCOLS     "http,https"
#define REDIRECTS_MAX 10L

void curl_setup(CURL *easy, const char *url, const char *ca_file, char *error)
{
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, PROTOCOLS);
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR,
			 strncasecmp(url, "https:", 6) ? PROTOCOLS : "https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, REDIRECTS_MAX);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* The end waits for no name server. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "testbox/" ROOTOVL_VERSION);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error);
	if (ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
}

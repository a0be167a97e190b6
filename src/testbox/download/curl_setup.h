/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all that testbox asks of a web server has in common. */
#pragma once

#include <curl/curl.h>

/*
 * HTTP and HTTPS alone, redirections too, ten of them, and from HTTPS to HTTPS alone; `ca_file`
 * (NULL: the system's) says whose certificates are believed; `error`, CURL_ERROR_SIZE bytes, gets
 * the reason of a failure. All of it stays the caller's, until the handle ends.
 */
void curl_setup(CURL *easy, const char *url, const char *ca_file, char *error);

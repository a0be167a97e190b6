/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Short questions to a server, answered in memory; download.h is for files. */
#pragma once

#include "src/common/failure.h"

#include <signal.h>

struct http_request {
	const char *method; /* "GET" */
	const char *url;
	const char *base;   /* the URL of the server that named this one; NULL: the user did */
	const char *json;   /* the body; NULL: none */
	const char *file;   /* or this file, sent as a form's field "file" (RFC 7578); NULL: none */
	const char *cookie; /* "NAME=value"; may be NULL */
	const char
		*token; /* what the header Authorization says, to this server alone; may be NULL */
	const char *ca_file; /* certificates for https instead of the system's; may be NULL */
	unsigned seconds;    /* how long the answer may take */
	const volatile sig_atomic_t *stop; /* not 0: give up, -EINTR; may be NULL */
};

/*
 * Asks. Gives the status, and in *ret (NULL: not wanted) the body, a text of at most 1 MiB, which
 * is the caller's; -EINTR; or a failure: -EIO where another attempt may go better.
 */
int http_ask(const struct http_request *request, char **ret, struct failure *f);

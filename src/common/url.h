/* SPDX-License-Identifier: GPL-2.0-or-later */
/* URLs: libcurl's parser (RFC 3986) does the work. */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>

/*
 * Stores the absolute URL of `reference` in *ret, which may be relative to `base` unless `base` is
 * NULL. Allows http and https. Allows file: only if `base` is a file: URL, so that a server cannot
 * name local files. The caller frees the result.
 */
int url_resolve(const char *base, const char *reference, char **ret, struct failure *f);

/*
 * Returns the URL for messages: without user, password and values of the query. The caller frees
 * it.
 */
char *url_shown(const char *url);

/* Returns the same without a query, for files that are kept. The caller frees it. */
char *url_place(const char *url);

/* Returns the path of a file: URL, or NULL for another URL. The caller frees it. */
char *url_file(const char *url);

/* Returns the file: URL of an absolute path. The caller frees it. */
char *url_of_path(const char *path);

/* What a user may write for a URL: a path becomes file:///…, a URL stays as it is; the caller's. */
int url_of_argument(const char *argument, char **ret, struct failure *f);

/* Returns the last part of the path, the name that iPXE gives an image; "" if it is empty. */
char *url_basename(const char *url);

/* The same with another path and query on its server: "/report_event"; ws becomes http. */
int url_on_server(const char *url, const char *path_and_query, char **ret, struct failure *f);

/* A URL taken apart, for those who connect themselves. Owned; see url_parts_done(). */
struct url_parts {
	char *host;	 /* without the brackets of an IPv6 address */
	char *authority; /* HOST[:PORT], as it stands in a request */
	char *path;	 /* with the query */
	int port;
	bool secure; /* https, wss */
};

/* -EINVAL: it is no URL; -EPERM: it has a password, which could not be sent. */
int url_split(const char *url, struct url_parts *ret, struct failure *f);
void url_parts_done(struct url_parts *parts);

/* Returns whether both URLs have the same host, port and security. */
bool url_same_server(const char *a, const char *b);

/* Returns the text encoded for a query. */
char *url_encoded(const char *text);

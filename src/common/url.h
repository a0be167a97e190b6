/* SPDX-License-Identifier: GPL-2.0-or-later */
/* URLs: libcurl's parser (RFC 3986) does the work. */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>

/*
 * The absolute URL of `reference`, which may be relative to `base` (NULL: it may not). http, https
 * and file only, and file: only where the base is one: a server names no file of this host. The
 * result is the caller's.
 */
int url_resolve(const char *base, const char *reference, char **ret, struct failure *f);

/*
 * The URL without a user, a password and the values of its query, for messages. The result is the
 * caller's.
 */
char *url_shown(const char *url);

/* The same without a query, for files that stay. The result is the caller's. */
char *url_place(const char *url);

/* The file of a file: URL; NULL where it is none. The result is the caller's. */
char *url_file(const char *url);

/* The file: URL of an absolute path. The result is the caller's. */
char *url_of_path(const char *path);

/* What a user may write for a URL: a path becomes file:///…, a URL stays as it is; the caller's. */
int url_of_argument(const char *argument, char **ret, struct failure *f);

/* The last part of a URL's path, as iPXE names an image after it; "" where there is none. */
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

/* Do both lead to one server: host, port, and whether it is secure? */
bool url_same_server(const char *a, const char *b);

/* A text as it stands in a query. */
char *url_encoded(const char *text);

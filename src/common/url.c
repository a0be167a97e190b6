// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/url.h"

#include "src/common/mem.h"
#include "src/common/url_query.h"

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <string.h>

static void url_cleanup(CURLU **url)
{
	curl_url_cleanup(*url);
}
#define auto_url __attribute__((cleanup(url_cleanup)))

/* Returns a part of the URL, which the caller frees, or NULL if it is absent. */
static char *part_of(CURLU *url, CURLUPart part, unsigned flags)
{
	char *text = NULL, *copy;

	if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
		return NULL;
	copy = xstrdup(text);
	curl_free(text);
	return copy;
}

static CURLU *parsed(const char *text)
{
	auto_url CURLU *url = curl_url();

	if (!url || curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
		return NULL;
	return STEAL(url);
}

static bool has_scheme(CURLU *url, const char *const *schemes)
{
	auto_free char *scheme = part_of(url, CURLUPART_SCHEME, 0);

	for (; scheme && *schemes; schemes++)
		if (!strcasecmp(scheme, *schemes))
			return true;
	return false;
}

static bool is_file(CURLU *url)
{
	return has_scheme(url, (const char *const[]){ "file", NULL });
}

/* A text with a query or without one. */
static char *query_masked(const char *text)
{
	const char *query = strchr(text, '?');
	auto_free char *shown = query ? url_query_shown(query + 1) : NULL;

	return query ? xasprintf("%.*s?%s", (int)(query - text), text, shown) : xstrdup(text);
}

char *url_shown(const char *text)
{
	auto_url CURLU *url = parsed(text);
	const char *scheme_end, *at;
	auto_free char *shown = NULL;

	if (url) {
		curl_url_set(url, CURLUPART_USER, NULL, 0);
		curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
		curl_url_set(url, CURLUPART_OPTIONS, NULL, 0);
		shown = part_of(url, CURLUPART_URL, 0);
		if (shown)
			return query_masked(shown);
	}
	/* This is not a URL, so hide everything before the last '@'. */
	scheme_end = strstr(text, "://");
	at = strrchr(text, '@');
	if (scheme_end && at && at > scheme_end)
		shown = xasprintf("%.*s%s", (int)(scheme_end + 3 - text), text, at + 1);
	return query_masked(shown ? shown : at ? at + 1 : text);
}

char *url_place(const char *text)
{
	char *shown = url_shown(text);

	shown[strcspn(shown, "?#")] = '\0';
	return shown;
}

/* A URL of printable ASCII and no blank: a line break in one would be a second line of a request.
 */
static bool is_clean(const char *text)
{
	for (; *text; text++)
		if (!isgraph((unsigned char)*text))
			return false;
	return true;
}

/* libcurl takes http:/x and http:///x for http://x. */
static bool has_host(const char *text)
{
	const char *rest = strchr(text, ':');

	if (strncasecmp(text, "http:", 5) != 0 && strncasecmp(text, "https:", 6) != 0)
		return true;
	return !strncmp(rest, "://", 3) && rest[3] && !strchr("/?#", rest[3]);
}

int url_resolve(const char *base, const char *reference, char **ret, struct failure *f)
{
	static const char *const known[] = { "http", "https", "file", NULL };
	auto_free char *shown = url_shown(reference);
	auto_url CURLU *url = base ? parsed(base) : curl_url();
	auto_free char *absolute = NULL, *host = NULL;
	bool may_be_file = base && url && is_file(url);

	if (!has_host(reference))
		return fail(f, EINVAL, NULL, "a URL of http has no host");
	if (!url || !*reference || !is_clean(reference) ||
	    curl_url_set(url, CURLUPART_URL, reference, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
		return fail(f, EINVAL, NULL, "'%s' is no URL%s", shown,
			    base ? "" : " that stands alone");
	if (!has_scheme(url, known))
		return fail(f, EPROTONOSUPPORT, "http, https and file are known",
			    "'%s': this scheme is not known", shown);
	if (is_file(url) && !may_be_file)
		return fail(f, EPERM, NULL, "'%s': a server names a file of this host", shown);
	host = part_of(url, CURLUPART_HOST, 0);
	if (is_file(url) && host && *host && strcmp(host, "localhost") != 0)
		return fail(f, EINVAL, "file:///path", "'%s': a file of another host", shown);
	absolute = part_of(url, CURLUPART_URL, 0);
	if (!absolute)
		return fail(f, EINVAL, NULL, "'%s' is no URL", shown);
	*ret = STEAL(absolute);
	return 0;
}

char *url_file(const char *text)
{
	auto_url CURLU *url = parsed(text);

	return url && is_file(url) ? part_of(url, CURLUPART_PATH, CURLU_URLDECODE) : NULL;
}

char *url_of_path(const char *path)
{
	auto_strv char **parts = strv_split(path, "/"), **slashed = NULL;
	auto_free char *encoded = NULL;

	for (size_t i = 0; parts && parts[i]; i++)
		strv_add(&slashed, url_encoded(parts[i]));
	encoded = strv_join(slashed, "/");
	return xasprintf("file:///%s", encoded);
}

int url_of_argument(const char *argument, char **ret, struct failure *f)
{
	auto_free char *real = NULL;

	if (strstr(argument, "://")) {
		*ret = xstrdup(argument);
		return 0;
	}
	real = realpath(argument, NULL);
	if (!real)
		return fail_errno(f, errno, NULL, "%s", argument);
	*ret = url_of_path(real);
	return 0;
}

char *url_basename(const char *text)
{
	auto_url CURLU *url = parsed(text);
	auto_free char *path = url ? part_of(url, CURLUPART_PATH, 0) : NULL;
	const char *slash = path ? strrchr(path, '/') : NULL;

	return xstrdup(slash ? slash + 1 : "");
}

int url_on_server(const char *text, const char *path_and_query, char **ret, struct failure *f)
{
	static const char *const secure[] = { "https", "wss", NULL };
	auto_free char *shown = url_shown(text);
	auto_url CURLU *url = parsed(text);

	if (!url)
		return fail(f, EINVAL, NULL, "'%s' is no URL", shown);
	curl_url_set(url, CURLUPART_SCHEME, has_scheme(url, secure) ? "https" : "http", 0);
	curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
	if (curl_url_set(url, CURLUPART_URL, path_and_query, 0) != CURLUE_OK)
		return fail(f, EINVAL, NULL, "'%s' with %s is no URL", shown, path_and_query);
	*ret = part_of(url, CURLUPART_URL, 0);
	return 0;
}

int url_split(const char *text, struct url_parts *ret, struct failure *f)
{
	static const char *const secure[] = { "https", "wss", NULL };
	auto_free char *shown = url_shown(text);
	auto_url CURLU *url = is_clean(text) ? parsed(text) : NULL;
	auto_free char *host = url ? part_of(url, CURLUPART_HOST, 0) : NULL;
	auto_free char *user = url ? part_of(url, CURLUPART_USER, 0) : NULL;
	auto_free char *port = url ? part_of(url, CURLUPART_PORT, 0) : NULL;
	auto_free char *query = url ? part_of(url, CURLUPART_QUERY, 0) : NULL;
	auto_free char *path = url ? part_of(url, CURLUPART_PATH, 0) : NULL;
	bool is_secure = url && has_scheme(url, secure);

	if (!host || !*host || !path)
		return fail(f, EINVAL, NULL, "'%s' is no URL", shown);
	if (user)
		return fail(f, EPERM, NULL, "'%s': a user in it is not known here", shown);
	*ret = (struct url_parts){
		.host = *host == '[' ? xstrndup(host + 1, strlen(host) - 2) : xstrdup(host),
		.authority = port ? xasprintf("%s:%s", host, port) : xstrdup(host),
		.path = query ? xasprintf("%s?%s", path, query) : xstrdup(path),
		.port = port	    ? atoi(port)
			: is_secure ? 443
				    : 80,
		.secure = is_secure,
	};
	return 0;
}

void url_parts_done(struct url_parts *parts)
{
	free(parts->host);
	free(parts->authority);
	free(parts->path);
	*parts = (struct url_parts){ 0 };
}

char *url_encoded(const char *text)
{
	char *escaped = curl_easy_escape(NULL, text, (int)strlen(text)), *copy;

	copy = xstrdup(escaped ? escaped : "");
	curl_free(escaped);
	return copy;
}

bool url_same_server(const char *a, const char *b)
{
	struct url_parts one = { 0 }, other = { 0 };
	auto_failure struct failure f = { 0 };
	bool same = url_split(a, &one, &f) == 0 && url_split(b, &other, &f) == 0 &&
		    !strcasecmp(one.host, other.host) && one.port == other.port &&
		    one.secure == other.secure;

	url_parts_done(&one);
	url_parts_done(&other);
	return same;
}

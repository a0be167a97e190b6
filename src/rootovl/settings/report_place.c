// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/report_place.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/root_parts.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define SCHEME "http://"

/* A blank or a line break would end the request's first line. */
static bool is_clean(const char *text)
{
	for (; *text; text++)
		if (!isgraph((unsigned char)*text))
			return false;
	return true;
}

int report_place_parse(struct report_place *ret, const char *url)
{
	auto_failure struct failure ignored = { 0 };
	struct root_source place = { 0 };
	auto_free char *text = NULL;
	char *path;
	int r;

	*ret = (struct report_place){ .port = 80 };
	if (!url || strncmp(url, SCHEME, strlen(SCHEME)) != 0 || !is_clean(url) ||
	    strpbrk(url, "#@"))
		return -EINVAL;
	text = xstrdup(url + strlen(SCHEME));
	path = text + strcspn(text, "/?");
	ret->path = xasprintf("%s%s", *path == '/' ? "" : "/", path);
	*path = '\0';
	r = root_parts_host_port(&place, text, &ignored);
	ret->host = STEAL(place.host);
	if (place.port)
		ret->port = place.port;
	root_source_done(&place);
	return r < 0 || !ret->host || !*ret->host ? -EINVAL : 0;
}

void report_place_done(struct report_place *place)
{
	free(place->host);
	free(place->path);
	*place = (struct report_place){ 0 };
}

bool report_place_is_taken(const char *head)
{
	return !strncmp(head, "HTTP/1.", 7) && isdigit((unsigned char)head[7]) && head[8] == ' ' &&
	       head[9] == '2' && isdigit((unsigned char)head[10]) &&
	       isdigit((unsigned char)head[11]);
}

char *report_place_request(const struct report_place *place, unsigned long length)
{
	bool brackets = strchr(place->host, ':');

	return xasprintf("POST %s HTTP/1.0\r\n"
			 "Host: %s%s%s:%u\r\n"
			 "User-Agent: rootovl/" ROOTOVL_VERSION "\r\n"
			 "Content-Type: application/json\r\n"
			 "Content-Length: %lu\r\n"
			 "Connection: close\r\n\r\n",
			 place->path, brackets ? "[" : "", place->host, brackets ? "]" : "",
			 place->port, length);
}

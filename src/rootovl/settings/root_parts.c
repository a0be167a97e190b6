// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/root_parts.h"

#include "src/common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int root_parts_decode(char *text, struct failure *f)
{
	char *out = text;

	for (const char *c = text; *c; c++) {
		if (*c == '%') {
			int high = hex_digit(c[1]), low = high < 0 ? -1 : hex_digit(c[2]);

			if (low < 0 || high * 16 + low == 0)
				return fail(f, EINVAL, "write a percent sign as %25",
					    "root=: bad percent-encoding");
			*out++ = (char)(high * 16 + low);
			c += 2;
		} else {
			*out++ = *c;
		}
	}
	*out = '\0';
	return 0;
}

bool root_parts_is_port(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long port = digits && digits <= 5 ? strtoul(text, NULL, 10) : 0;

	return !text[digits] && port >= 1 && port <= 65535;
}

int root_parts_port(const char *text, unsigned *ret, struct failure *f)
{
	if (!root_parts_is_port(text))
		return fail(f, EINVAL, "a port is a number from 1 to 65535",
			    "root=: bad port behind the host");
	*ret = (unsigned)strtoul(text, NULL, 10);
	return 0;
}

int root_parts_host(struct root_source *source, char *host, struct failure *f)
{
	bool brackets = host[0] == '[';
	size_t len = strlen(host);

	if (brackets) {
		host[len - 1] = '\0';
		host++;
	}
	if (!*host)
		return fail(f, EINVAL, "see rootovl.cmdline(7)", "root=: the host is missing");
	for (const char *c = host; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr(brackets ? ":.%" : ".-_", *c))
			return fail(f, EINVAL,
				    *c == ':' ? "an IPv6 address stands in brackets: [fd00::1]"
					      : "see rootovl.cmdline(7)",
				    "root=: a character in the host that none has");
	set_text(&source->host, xstrdup(host));
	return 0;
}

int root_parts_host_port(struct root_source *source, char *text, struct failure *f)
{
	char *end = text[0] == '[' ? strchr(text, ']') : text;
	char *colon;

	if (!end)
		return fail(f, EINVAL, "an IPv6 address stands in brackets: [fd00::1]",
			    "root=: the host's bracket is not closed");
	/* "fd00::1" without brackets would read as a host and a port. */
	if (text[0] != '[' && strchr(text, ':') != strrchr(text, ':'))
		return fail(f, EINVAL, "an IPv6 address stands in brackets: [fd00::1]",
			    "root=: more than one ':' in the host");
	colon = strchr(end, ':');
	if (text[0] == '[' && end[1] && colon != end + 1)
		return fail(f, EINVAL, "see rootovl.cmdline(7)",
			    "root=: something else than a port behind ']'");
	if (colon) {
		/* "host:" has no port (RFC 3986), and dracut writes cifs://HOST:/dir. */
		int r = colon[1] ? root_parts_port(colon + 1, &source->port, f) : 0;

		if (r < 0)
			return r;
		*colon = '\0';
	}
	return root_parts_host(source, text, f);
}

int root_parts_path(const char *text, const char *what, char **ret, struct failure *f)
{
	auto_strv char **parts = strv_split(text, "/");

	/* It stands in lines for people, and a percent-encoding can say anything. */
	for (const char *c = text; *c; c++)
		if (iscntrl((unsigned char)*c))
			return fail(f, EINVAL, "rename it", "root=: a control character in the %s",
				    what);
	for (size_t i = 0; parts && parts[i]; i++)
		if (!strcmp(parts[i], "..") || !strcmp(parts[i], "."))
			return fail(f, EINVAL, "write the path without . and ..",
				    "root=: \"%s\" in the %s", parts[i], what);
	*ret = strv_join(parts, "/");
	return 0;
}

char *root_parts_cut_options(char *text, const char *separators)
{
	char *options = strpbrk(text, separators);

	if (!options)
		return NULL;
	*options = '\0';
	return options + 1;
}

bool root_parts_is_device(const char *text)
{
	static const char *const tags[] = { "LABEL=", "UUID=", "PARTLABEL=", "PARTUUID=", "/dev/" };

	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (!strncmp(text, tags[i], strlen(tags[i])))
			return text[strlen(tags[i])] && !strstr(text, "/../");
	return false;
}

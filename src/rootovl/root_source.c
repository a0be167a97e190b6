// SPDX-License-Identifier: GPL-2.0-or-later
#include "root_source.h"

#include "common/mem.h"

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

/* Decodes %XX in place of a URL's part; refuses what is not one, and the NUL byte. */
static int percent_decode(char *text, struct failure *f)
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

static bool is_port(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long port = digits && digits <= 5 ? strtoul(text, NULL, 10) : 0;

	return !text[digits] && port >= 1 && port <= 65535;
}

static int parse_port(const char *text, unsigned *ret, struct failure *f)
{
	if (!is_port(text))
		return fail(f, EINVAL, "a port is a number from 1 to 65535",
			    "root=: bad port behind the host");
	*ret = (unsigned)strtoul(text, NULL, 10);
	return 0;
}

static int take_host(struct root_source *source, char *host, struct failure *f)
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
	free(source->host);
	source->host = xstrdup(host);
	return 0;
}

/* "host", "[v6]", "host:port", "[v6]:port" */
static int take_host_port(struct root_source *source, char *text, struct failure *f)
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
		int r = parse_port(colon + 1, &source->port, f);

		if (r < 0)
			return r;
		*colon = '\0';
	}
	return take_host(source, text, f);
}

/* Single slashes only, none at the end, no "." and "..": the path that a server is asked for. */
static int clean_path(const char *text, const char *what, char **ret, struct failure *f)
{
	auto_strv char **parts = strv_split(text, "/");

	for (size_t i = 0; parts && parts[i]; i++)
		if (!strcmp(parts[i], "..") || !strcmp(parts[i], "."))
			return fail(f, EINVAL, "write the path without . and ..",
				    "root=: \"%s\" in the %s", parts[i], what);
	*ret = strv_join(parts, "/");
	return 0;
}

static int take_nfs_path(struct root_source *source, const char *text, struct failure *f)
{
	auto_free char *path = NULL;
	int r;

	if (text[0] != '/')
		return fail(f, EINVAL, "see rootovl.cmdline(7)",
			    "root=: the path of an NFS root must begin with '/'");
	if (strstr(text, "%s"))
		return fail(f, EINVAL, "write the path out",
			    "root=: %%s in the path is not supported");
	r = clean_path(text, "path", &path, f);
	if (r < 0)
		return r;
	free(source->path);
	source->path = xasprintf("/%s", path);
	return 0;
}

/* [domain;]user[:password], percent-encoded */
static int take_userinfo(struct root_source *source, char *text, struct failure *f)
{
	char *semicolon = strchr(text, ';');
	char *user = semicolon ? semicolon + 1 : text;
	char *colon = strchr(user, ':');
	char *parts[3] = { NULL, user, NULL };

	if (semicolon) {
		*semicolon = '\0';
		parts[0] = text;
	}
	if (colon) {
		*colon = '\0';
		parts[2] = colon + 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		int r = parts[i] ? percent_decode(parts[i], f) : 0;

		if (r < 0)
			return r;
	}
	if (!*user)
		return fail(f, EINVAL, "leave the @ out for a guest",
			    "root=: no user name in front of '@'");
	if (strchr(user, ',') || (parts[0] && strchr(parts[0], ',')))
		return fail(f, EINVAL, "mount options take none", "root=: a comma in the user");
	source->domain = parts[0] ? xstrdup(parts[0]) : NULL;
	source->user = xstrdup(user);
	source->password = parts[2] ? xstrdup(parts[2]) : NULL;
	return 0;
}

/* Cuts "…,options" or, for the forms of dracut, "…:options" off `text`; NULL where there are none.
 */
static char *cut_options(char *text, const char *separators)
{
	char *options = strpbrk(text, separators);

	if (!options)
		return NULL;
	*options = '\0';
	return options + 1;
}

static int parse_cifs(struct root_source *source, char *text, struct failure *f)
{
	char *slash = strchr(text, '/');
	char *options = slash ? cut_options(slash, ",") : NULL;
	char *at;
	int r;

	source->kind = ROOT_CIFS;
	if (!slash)
		return fail(f, EINVAL, "cifs://HOST/SHARE[/PATH][,OPTIONS]",
			    "root=: the share is missing");
	*slash = '\0';
	/* The last '@': an unencoded one in a password does no harm. */
	at = strrchr(text, '@');
	if (!at && strchr(text, ':') && strchr(slash + 1, '@') && !is_port(strchr(text, ':') + 1))
		return fail(f, EINVAL, "write it as %2F",
			    "root=: a '/' in the user or the password");
	if (at) {
		*at = '\0';
		r = take_userinfo(source, text, f);
		if (r < 0)
			return r;
		text = at + 1;
	}
	r = take_host_port(source, text, f);
	if (r >= 0)
		r = percent_decode(slash + 1, f);
	if (r >= 0)
		r = clean_path(slash + 1, "share", &source->path, f);
	if (r < 0)
		return r;
	if (!*source->path)
		return fail(f, EINVAL, "cifs://HOST/SHARE[/PATH][,OPTIONS]",
			    "root=: the share is missing");
	return options ? root_source_add_options(source, options, f) : 0;
}

/* //host[:port]/path[,options] */
static int parse_nfs_url(struct root_source *source, char *text, struct failure *f)
{
	char *slash = strchr(text, '/');
	char *options = slash ? cut_options(slash, ",") : NULL;
	int r;

	if (!slash)
		return fail(f, EINVAL, "nfs://HOST[:PORT]/PATH[,OPTIONS]",
			    "root=: the path is missing");
	r = percent_decode(slash, f);
	if (r >= 0)
		r = take_nfs_path(source, slash, f);
	*slash = '\0';
	if (r >= 0)
		r = take_host_port(source, text, f);
	if (r < 0 || !options)
		return r;
	return root_source_add_options(source, options, f);
}

/* [host:]/path[:options], as the word before it was nfs: or nfs4:, or the value nfsroot='s */
static int parse_nfs_path(struct root_source *source, char *text, struct failure *f)
{
	char *path = text[0] == '/' ? text : strstr(text, ":/");
	char *options;
	int r;

	if (!path)
		return fail(f, EINVAL, "nfs:[HOST:]/PATH[:OPTIONS]", "root=: the path is missing");
	if (path != text) {
		*path++ = '\0';
		if (text[0] == '[' && text[strlen(text) - 1] != ']')
			return fail(f, EINVAL, "an IPv6 address stands in brackets: [fd00::1]",
				    "root=: the host's bracket is not closed");
		r = take_host(source, text, f);
		if (r < 0)
			return r;
	}
	options = cut_options(path, ":,");
	r = take_nfs_path(source, path, f);
	return r < 0 || !options ? r : root_source_add_options(source, options, f);
}

static int parse_nfs(struct root_source *source, char *text, struct failure *f)
{
	source->kind = ROOT_NFS;
	if (!strncmp(text, "//", 2))
		return parse_nfs_url(source, text + 2, f);
	return parse_nfs_path(source, text, f);
}

static int parse_nfs4(struct root_source *source, char *text, struct failure *f)
{
	source->nfs4 = true;
	return parse_nfs(source, text, f);
}

static int parse_tag(struct root_source *source, enum root_kind kind, char *text, struct failure *f)
{
	char *options = cut_options(text, ",");

	source->kind = kind;
	if (!*text)
		return fail(f, EINVAL, "virtiofs:TAG or 9p:TAG", "root=: the tag is missing");
	source->path = xstrdup(text);
	return options ? root_source_add_options(source, options, f) : 0;
}

static int parse_virtiofs(struct root_source *source, char *text, struct failure *f)
{
	return parse_tag(source, ROOT_VIRTIOFS, text, f);
}

static int parse_9p(struct root_source *source, char *text, struct failure *f)
{
	return parse_tag(source, ROOT_9P, text, f);
}

static int parse_later(struct root_source *source, char *text, struct failure *f)
{
	(void)source;
	(void)text;
	return fail(f, EOPNOTSUPP, "rootovl.cmdline(7) lists the forms that this version knows",
		    "root=: this form comes with a later version of rootovl");
}

static const struct form {
	const char *prefix;
	int (*parse)(struct root_source *source, char *text, struct failure *f);
} forms[] = {
	{ "cifs://", parse_cifs },	 { "nfs:", parse_nfs },	  { "nfs4:", parse_nfs4 },
	{ "virtiofs:", parse_virtiofs }, { "9p:", parse_9p },	  { "nbd:", parse_later },
	{ "live:", parse_later },	 { "dhcp", parse_later },
};

bool root_source_is_device(const char *text)
{
	static const char *const tags[] = { "LABEL=", "UUID=", "PARTLABEL=", "PARTUUID=", "/dev/" };

	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (!strncmp(text, tags[i], strlen(tags[i])))
			return text[strlen(tags[i])] && !strstr(text, "/../");
	return false;
}

static int parse_form(struct root_source *source, char *text, struct failure *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		size_t n = strlen(forms[i].prefix);
		bool whole = isalnum((unsigned char)forms[i].prefix[n - 1]);

		if (!strncmp(text, forms[i].prefix, n) && (!whole || !text[n]))
			return forms[i].parse(source, text + n, f);
	}
	if (root_source_is_device(text)) {
		source->kind = ROOT_DEVICE;
		source->path = xstrdup(text);
		return 0;
	}
	/* host:/path, the oldest way to name an export */
	if (strstr(text, ":/") && text[0] != '/' && !strstr(text, "://") &&
	    strncmp(text, "cifs:", 5) != 0)
		return parse_nfs(source, text, f);
	/* Only the scheme is shown: what follows may hold a password, and where is anybody's guess.
	 */
	return fail(f, EINVAL,
		    "root= is cifs://…, nfs:…, HOST:/PATH, virtiofs:…, 9p:…, LABEL=… or /dev/…",
		    "root=%.*s…: not a root that rootovl knows", (int)strcspn(text, ":/"), text);
}

int root_source_parse(struct root_source *source, const char *root, const char *nfsroot,
		      struct failure *f)
{
	struct root_source parsed = { 0 };
	auto_free char *text = NULL;
	int r;

	if (!strcmp(root, "/dev/nfs")) {
		if (!nfsroot)
			return fail(f, EINVAL, "nfsroot=[HOST:]/PATH[,OPTIONS]",
				    "root=/dev/nfs: the parameter nfsroot= is missing");
		text = xstrdup(nfsroot);
		r = parse_nfs(&parsed, text, f);
	} else {
		text = xstrdup(root);
		r = parse_form(&parsed, text, f);
	}
	if (r < 0) {
		root_source_done(&parsed);
		return r;
	}
	root_source_done(source);
	*source = parsed;
	return 0;
}

bool root_source_is_image(const struct root_source *source)
{
	static const char *const endings[] = { ".erofs", ".squashfs", ".sqfs", ".sfs",
					       ".ext4",	 ".img",      ".iso" };
	const char *dot = source->path ? strrchr(source->path, '.') : NULL;

	if (source->kind != ROOT_CIFS && source->kind != ROOT_NFS)
		return false;
	for (size_t i = 0; dot && i < ARRAY_SIZE(endings); i++)
		if (!strcmp(dot, endings[i]))
			return true;
	return false;
}

char *root_source_name(const struct root_source *source)
{
	const char *host = source->host ? source->host : "(host from DHCP)";
	bool v6 = strchr(host, ':') != NULL;
	auto_free char *shown = xasprintf("%s%s%s", v6 ? "[" : "", host, v6 ? "]" : "");

	switch (source->kind) {
	case ROOT_CIFS:
		return xasprintf("cifs //%s/%s", shown, source->path);
	case ROOT_VIRTIOFS:
		return xasprintf("virtiofs %s", source->path);
	case ROOT_9P:
		return xasprintf("9p %s", source->path);
	case ROOT_DEVICE:
		return xasprintf("device %s", source->path);
	default:
		return xasprintf("nfs %s:%s", shown, source->path);
	}
}

void root_source_done(struct root_source *source)
{
	free(source->host);
	free(source->path);
	free(source->user);
	if (source->password)
		explicit_bzero(source->password, strlen(source->password));
	free(source->password);
	free(source->domain);
	free(source->credentials);
	free(source->address);
	strv_free(source->options);
	*source = (struct root_source){ 0 };
}

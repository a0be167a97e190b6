// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/root_source.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/paths.h"
#include "src/rootovl/settings/root_parts.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

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

/* host[:port][:export][,options]; what is of digits only is the port, as in dracut.cmdline(7). */
static int parse_nbd(struct root_source *source, char *text, struct failure *f)
{
	char *options = cut_options(text, ",");
	char *host_end = text[0] == '[' ? strchr(text, ']') : text;
	char *rest = host_end ? strchr(host_end, ':') : NULL;
	int r = 0;

	source->kind = ROOT_NBD;
	if (rest) {
		size_t digits = strspn(rest + 1, "0123456789");
		char *behind = rest + 1 + digits;
		bool port = digits && (!*behind || *behind == ':');
		const char *export = !port ? rest + 1 : *behind ? behind + 1 : "";

		*rest = '\0';
		if (port) {
			*behind = '\0';
			r = parse_port(rest + 1, &source->port, f);
		}
		if (r == 0 && *export)
			source->path = xstrdup(export);
	}
	if (r == 0)
		r = take_host_port(source, text, f);
	return r < 0 || !options ? r : root_source_add_options(source, options, f);
}

static int parse_live(struct root_source *source, char *text, struct failure *f)
{
	size_t scheme = !strncmp(text, "http://", 7) ? 7 : !strncmp(text, "https://", 8) ? 8 : 0;

	source->kind = ROOT_LIVE;
	if (!scheme || !text[scheme] || strchr("/:", text[scheme]))
		return fail(f, EINVAL, "live:http://HOST[:PORT]/PATH or live:https://…",
			    "root=live: no URL that can be fetched");
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return fail(f, EINVAL, "write it percent-encoded",
				    "root=live: a blank or a control character in the URL");
	source->path = xstrdup(text);
	return 0;
}

/* dhcp[,options]: the options are added to what the server names. */
static int parse_dhcp(struct root_source *source, char *text, struct failure *f)
{
	source->kind = ROOT_DHCP;
	return text[0] == ',' ? root_source_add_options(source, text + 1, f) : 0;
}

static const struct form {
	const char *prefix;
	int (*parse)(struct root_source *source, char *text, struct failure *f);
	bool dhcp; /* may a DHCP server name it? */
} forms[] = {
	{ "cifs://", parse_cifs, true },	{ "nfs:", parse_nfs, true },
	{ "nfs4:", parse_nfs4, true },		{ "nbd:", parse_nbd, true },
	{ "virtiofs:", parse_virtiofs, false }, { "9p:", parse_9p, false },
	{ "live:", parse_live, false },
};

bool root_source_is_device(const char *text)
{
	static const char *const tags[] = { "LABEL=", "UUID=", "PARTLABEL=", "PARTUUID=", "/dev/" };

	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (!strncmp(text, tags[i], strlen(tags[i])))
			return text[strlen(tags[i])] && !strstr(text, "/../");
	return false;
}

int root_parse_form(struct root_source *source, char *text, bool dhcp, struct failure *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		size_t n = strlen(forms[i].prefix);

		if (!strncmp(text, forms[i].prefix, n) && (forms[i].dhcp || !dhcp))
			return forms[i].parse(source, text + n, f);
	}
	if (!dhcp && !strncmp(text, "dhcp", 4) && (!text[4] || text[4] == ','))
		return parse_dhcp(source, text + 4, f);
	if (!dhcp && root_source_is_device(text)) {
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
		    dhcp ? "a DHCP server names cifs://…, nfs:…, nbd:…, HOST:/PATH or /PATH"
			 : "root= is cifs://…, nfs:…, HOST:/PATH, nbd:…, live:http://…, "
			   "virtiofs:…, 9p:…, dhcp, LABEL=… or /dev/…",
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
		r = root_parse_form(&parsed, text, false, f);
	}
	if (r < 0) {
		root_source_done(&parsed);
		return r;
	}
	root_source_done(source);
	*source = parsed;
	return 0;
}

void root_source_mounted(struct root_source *source, const char *root)
{
	root_source_done(source);
	source->kind = ROOT_MOUNTED;
	source->path = root ? root_source_masked(root) : xstrdup(SYSROOT);
}

int root_source_check(const struct root_source *source, struct failure *f)
{
	if (source->credentials && source->kind != ROOT_CIFS && source->kind != ROOT_DHCP)
		return fail(f, EINVAL, "leave it out",
			    "rootovl.credentials=: only a CIFS root has a user");
	if (source->guest && (source->user || source->credentials))
		return fail(f, EINVAL, "leave one of them out",
			    "root=: both guest and a user are asked for");
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
	case ROOT_NBD:
		return xasprintf("nbd %s%s%s", shown, source->path ? " " : "",
				 source->path ? source->path : "");
	case ROOT_LIVE: {
		auto_free char *url = root_source_masked(source->path);

		return xasprintf("image %s", url);
	}
	case ROOT_MOUNTED:
		return xasprintf("mounted %s", source->path);
	case ROOT_DHCP:
		return xstrdup("what DHCP names");
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

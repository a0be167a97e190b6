// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/root_forms.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/root_options.h"
#include "src/rootovl/settings/root_parts.h"

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
	r = root_parts_path(text, "path", &path, f);
	if (r < 0)
		return r;
	set_text(&source->path, xasprintf("/%s", path));
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
		int r = parts[i] ? root_parts_decode(parts[i], f) : 0;

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
	char *options = slash ? root_parts_cut_options(slash, ",") : NULL;
	char *at;
	int r;

	source->kind = ROOT_CIFS;
	if (!slash)
		return fail(f, EINVAL, "cifs://HOST/SHARE[/PATH][,OPTIONS]",
			    "root=: the share is missing");
	*slash = '\0';
	/* The last '@': an unencoded one in a password does no harm. */
	at = strrchr(text, '@');
	if (!at && strchr(text, ':') && strchr(slash + 1, '@') &&
	    !root_parts_is_port(strchr(text, ':') + 1))
		return fail(f, EINVAL, "write it as %2F",
			    "root=: a '/' in the user or the password");
	if (at) {
		*at = '\0';
		r = take_userinfo(source, text, f);
		if (r < 0)
			return r;
		text = at + 1;
	}
	r = root_parts_host_port(source, text, f);
	if (r >= 0)
		r = root_parts_decode(slash + 1, f);
	if (r >= 0)
		r = root_parts_path(slash + 1, "share", &source->path, f);
	if (r < 0)
		return r;
	if (!*source->path)
		return fail(f, EINVAL, "cifs://HOST/SHARE[/PATH][,OPTIONS]",
			    "root=: the share is missing");
	return options ? root_options_add(source, options, f) : 0;
}

int root_forms_parse_cifs(struct root_source *source, char *text, struct failure *f)
{
	if (!strncmp(text, "cifs:", 5))
		text += 5;
	if (strncmp(text, "//", 2) != 0)
		return fail(f, EINVAL, "cifsroot=//HOST/SHARE[/PATH][,OPTIONS]",
			    "cifsroot=: it does not begin with //");
	return parse_cifs(source, text + 2, f);
}

/* //host[:port]/path[,options] */
static int parse_nfs_url(struct root_source *source, char *text, struct failure *f)
{
	char *slash = strchr(text, '/');
	char *options = slash ? root_parts_cut_options(slash, ",") : NULL;
	int r;

	if (!slash)
		return fail(f, EINVAL, "nfs://HOST[:PORT]/PATH[,OPTIONS]",
			    "root=: the path is missing");
	r = root_parts_decode(slash, f);
	if (r >= 0)
		r = take_nfs_path(source, slash, f);
	*slash = '\0';
	if (r >= 0)
		r = root_parts_host_port(source, text, f);
	if (r < 0 || !options)
		return r;
	return root_options_add(source, options, f);
}

/* [host:]/path[:options], as the word before it was nfs: or nfs4:, or the value nfsroot='s */
static int parse_nfs_path(struct root_source *source, char *text, struct failure *f)
{
	char *path, *options;
	int r;

	/* nfs4::/path: the host is empty */
	if (!strncmp(text, ":/", 2))
		text++;
	path = text[0] == '/' ? text : strstr(text, ":/");
	if (!path)
		return fail(f, EINVAL, "nfs:[HOST:]/PATH[:OPTIONS]", "root=: the path is missing");
	if (path != text) {
		*path++ = '\0';
		if (text[0] == '[' && text[strlen(text) - 1] != ']')
			return fail(f, EINVAL, "an IPv6 address stands in brackets: [fd00::1]",
				    "root=: the host's bracket is not closed");
		r = root_parts_host(source, text, f);
		if (r < 0)
			return r;
	}
	options = root_parts_cut_options(path, ":,");
	r = take_nfs_path(source, path, f);
	return r < 0 || !options ? r : root_options_add(source, options, f);
}

int root_forms_parse_nfs(struct root_source *source, char *text, struct failure *f)
{
	source->kind = ROOT_NFS;
	if (!strncmp(text, "//", 2))
		return parse_nfs_url(source, text + 2, f);
	return parse_nfs_path(source, text, f);
}

static int parse_nfs4(struct root_source *source, char *text, struct failure *f)
{
	source->nfs4 = true;
	return root_forms_parse_nfs(source, text, f);
}

static int parse_tag(struct root_source *source, enum root_kind kind, char *text, struct failure *f)
{
	char *options = root_parts_cut_options(text, ",");

	source->kind = kind;
	if (!*text)
		return fail(f, EINVAL, "virtiofs:TAG or 9p:TAG", "root=: the tag is missing");
	source->path = xstrdup(text);
	return options ? root_options_add(source, options, f) : 0;
}

static int parse_virtiofs(struct root_source *source, char *text, struct failure *f)
{
	return parse_tag(source, ROOT_VIRTIOFS, text, f);
}

static int parse_9p(struct root_source *source, char *text, struct failure *f)
{
	return parse_tag(source, ROOT_9P, text, f);
}

static bool is_fstype(const char *text, size_t len)
{
	auto_free char *name = xstrndup(text, len);

	return IS_ONE_OF(name, "auto", "btrfs", "erofs", "ext2", "ext3", "ext4", "iso9660",
			 "squashfs", "xfs");
}

/*
 * dracut's root=nbd:HOST:EXPORT-or-PORT[:FSTYPE[:OPTIONS]] has a file system behind the export,
 * which is found out anyway. `first`: also in place of it. Cuts that off `export`.
 */
static int cut_fstype(struct root_source *source, char *export, bool first, struct failure *f)
{
	char *at = first ? export : strchr(export, ':');
	char *options;

	if (at && !first)
		at++;
	while (at && !is_fstype(at, strcspn(at, ":")) && (at == export || strcspn(at, ":") != 0)) {
		at = strchr(at, ':');
		at = at ? at + 1 : NULL;
	}
	if (!at)
		return 0;
	options = at + strcspn(at, ":");
	options += *options == ':';
	if (strchr(options, ':'))
		return fail(f, EINVAL, "leave them out", "root=nbd: options of nbd-client");
	at[at == export ? 0 : -1] = '\0';
	return root_options_add(source, options, f);
}

/* host[:port][:export][,options]; what is of digits only is the port, as in dracut.cmdline(7). */
static int parse_nbd(struct root_source *source, char *text, struct failure *f)
{
	char *options = root_parts_cut_options(text, ",");
	char *host_end = text[0] == '[' ? strchr(text, ']') : text;
	char *rest = host_end ? strchr(host_end, ':') : NULL;
	int r = 0;

	source->kind = ROOT_NBD;
	if (rest) {
		size_t digits = strspn(rest + 1, "0123456789");
		char *behind = rest + 1 + digits;
		bool port = !*behind || *behind == ':';
		char *export = !port ? rest + 1 : *behind ? behind + 1 : behind;

		*rest = '\0';
		if (port && digits) {
			*behind = '\0';
			r = root_parts_port(rest + 1, &source->port, f);
		}
		if (r == 0)
			r = cut_fstype(source, export, port && digits, f);
		if (r == 0 && *export)
			source->path = xstrdup(export);
	}
	if (r == 0)
		r = root_parts_host_port(source, text, f);
	return r < 0 || !options ? r : root_options_add(source, options, f);
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
	return text[0] == ',' ? root_options_add(source, text + 1, f) : 0;
}

static const struct form {
	const char *prefix;
	int (*parse)(struct root_source *source, char *text, struct failure *f);
	bool dhcp; /* may a DHCP server name it? */
} forms[] = {
	{ "cifs://", parse_cifs, true },	{ "nfs:", root_forms_parse_nfs, true },
	{ "nfs4:", parse_nfs4, true },		{ "nbd:", parse_nbd, true },
	{ "virtiofs:", parse_virtiofs, false }, { "9p:", parse_9p, false },
	{ "live:", parse_live, false },		{ "squash:", parse_live, false },
};

/* host:/path, the oldest way to name an export */
static bool is_export(const char *text)
{
	return strstr(text, ":/") && text[0] != '/' && !strstr(text, "://") &&
	       strncmp(text, "cifs:", 5) != 0;
}

static bool is_dhcp(const char *text)
{
	return !strncmp(text, "dhcp", 4) && (!text[4] || text[4] == ',');
}

bool root_forms_is_ours(const char *text)
{
	const char *host_end = text[0] == '[' ? strchr(text, ']') : text;
	const char *colon = host_end ? strchr(host_end, ':') : NULL;

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (!strncmp(text, forms[i].prefix, strlen(forms[i].prefix)))
			return true;
	return is_dhcp(text) || IS_ONE_OF(text, "/dev/nfs", "/dev/nfs4", "/dev/cifs") ||
	       (colon && colon[1] == '/' && is_export(text));
}

static int parse_device(struct root_source *source, const char *text, struct failure *f)
{
	/* Names that every kernel or every line has; numbers may follow. */
	static const char *const none[][2] = {
		{ "/dev/root", "write the device by its own name: LABEL=…, UUID=… or /dev/…" },
		{ "/dev/ram", "an image in memory is root=live:http://…" },
		{ "/dev/tty", "write a disk: LABEL=…, UUID=… or /dev/…" },
		{ "/dev/console", "write a disk: LABEL=…, UUID=… or /dev/…" },
		{ "/dev/null", "write a disk: LABEL=…, UUID=… or /dev/…" },
		{ "/dev/zero", "write a disk: LABEL=…, UUID=… or /dev/…" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		size_t n = strlen(none[i][0]);

		if (!strncmp(text, none[i][0], n) && !text[n + strspn(text + n, "0123456789")])
			return fail(f, EINVAL, none[i][1], "root=%s: no device that has a root",
				    text);
	}
	source->kind = ROOT_DEVICE;
	source->path = xstrdup(text);
	return 0;
}

int root_forms_parse(struct root_source *source, char *text, bool dhcp, struct failure *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		size_t n = strlen(forms[i].prefix);

		if (!strncmp(text, forms[i].prefix, n) && (forms[i].dhcp || !dhcp))
			return forms[i].parse(source, text + n, f);
	}
	if (!dhcp && is_dhcp(text))
		return parse_dhcp(source, text + 4, f);
	if (!dhcp && root_parts_is_device(text))
		return parse_device(source, text, f);
	if (is_export(text))
		return root_forms_parse_nfs(source, text, f);
	/* Only the scheme is shown: what follows may hold a password, and where is anybody's guess.
	 */
	return fail(f, EINVAL,
		    dhcp ? "a DHCP server names cifs://…, nfs:…, nbd:…, HOST:/PATH or /PATH"
			 : "root= is cifs://…, nfs:…, HOST:/PATH, nbd:…, live:http://…, "
			   "virtiofs:…, 9p:…, dhcp, LABEL=… or /dev/…",
		    "root=%.*s…: not a root that rootovl knows", (int)strcspn(text, ":/"), text);
}

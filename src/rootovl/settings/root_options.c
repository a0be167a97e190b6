// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/root_options.h"

#include "src/common/mem.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define NFS  (1u << ROOT_NFS)
#define CIFS (1u << ROOT_CIFS)
#define NBD  (1u << ROOT_NBD)
#define DHCP (1u << ROOT_DHCP)
#define ALL  (~0u)

static int set_string(char **field, const char *name, const char *value, struct failure *f)
{
	if (!value || !*value)
		return fail(f, EINVAL, NULL, "root=: the option %s needs a value", name);
	set_text(field, xstrdup(value));
	return 0;
}

/* They become mount options, and mount.cifs of old took a password behind a '%'. */
static int set_name(char **field, const char *name, const char *value, struct failure *f)
{
	if (value && strpbrk(value, ",%"))
		return fail(f, EINVAL, "give the password by password= or a credentials file",
			    "root=: a comma or a percent sign in the option %s", name);
	return set_string(field, name, value, f);
}

/* user=DOMAIN\user and DOMAIN/user are mount.cifs's spellings. */
static int set_user(struct root_source *source, const char *value, struct failure *f)
{
	size_t domain = value ? strcspn(value, "/\\") : 0;

	if (value && value[domain]) {
		set_text(&source->domain, xstrndup(value, domain));
		value += domain + 1;
	}
	return set_name(&source->user, "user", value, f);
}

static int set_password(struct root_source *source, const char *value, struct failure *f)
{
	(void)f;
	set_text(&source->password, xstrdup(value ? value : ""));
	return 0;
}

static int set_domain(struct root_source *source, const char *value, struct failure *f)
{
	return set_name(&source->domain, "domain", value, f);
}

static int set_credentials(struct root_source *source, const char *value, struct failure *f)
{
	return set_string(&source->credentials, "credentials", value, f);
}

static int set_address(struct root_source *source, const char *value, struct failure *f)
{
	return set_string(&source->address, "addr", value, f);
}

static int set_port(struct root_source *source, const char *value, struct failure *f)
{
	char *end = NULL;
	unsigned long port = value && *value >= '0' && *value <= '9' ? strtoul(value, &end, 10) : 0;

	if (port < 1 || port > 65535 || *end)
		return fail(f, EINVAL, "a port is a number from 1 to 65535",
			    "root=: bad port \"%s\"", value ? value : "");
	source->port = (unsigned)port;
	return 0;
}

static int set_guest(struct root_source *source, const char *value, struct failure *f)
{
	if (value)
		return fail(f, EINVAL, NULL, "root=: the option guest takes no value");
	source->guest = true;
	return 0;
}

static int set_ro(struct root_source *source, const char *value, struct failure *f)
{
	(void)source;
	(void)value;
	(void)f;
	return 0; /* the lower is always read-only */
}

static int refuse_rw(struct root_source *source, const char *value, struct failure *f)
{
	(void)source;
	(void)value;
	return fail(f, EINVAL, "leave rw out: writes go to the overlay",
		    "root=: the option rw: the lower is always mounted read-only");
}

static int refuse_nocase(struct root_source *source, const char *value, struct failure *f)
{
	(void)source;
	(void)value;
	return fail(f, EINVAL, "leave it out",
		    "root=: the option nocase: an overlay takes no lower that ignores case");
}

static int keep(struct root_source *source, const char *name, const char *value)
{
	strv_add(&source->options, value ? xasprintf("%s=%s", name, value) : xstrdup(name));
	return 0;
}

static int set_sec(struct root_source *source, const char *value, struct failure *f)
{
	if (value && strstr(value, "krb5"))
		return fail(f, EOPNOTSUPP, "let the server take sec=sys, or a user and a password",
			    "root=: the option sec=%s: the image has no Kerberos (rpc.gssd, "
			    "cifs.upcall)",
			    value);
	return keep(source, "sec", value);
}

static int set_xprtsec(struct root_source *source, const char *value, struct failure *f)
{
	(void)source;
	/* Kernels before 6.5 know no word of it. */
	if (value && !strcmp(value, "none"))
		return 0;
	return fail(f, EOPNOTSUPP, "leave it out, in a network of your own",
		    "root=: the option xprtsec: the image has no tlshd, which NFS needs for TLS");
}

static int refuse_rdma(struct root_source *source, const char *value, struct failure *f)
{
	(void)source;
	(void)value;
	return fail(f, EOPNOTSUPP, "leave it out: TCP is the default",
		    "root=: the option rdma: the image has no drivers for RDMA");
}

static int set_proto(struct root_source *source, const char *value, struct failure *f)
{
	return value && !strncmp(value, "rdma", 4) ? refuse_rdma(source, value, f)
						   : keep(source, "proto", value);
}

static int refuse_kerberos(struct root_source *source, const char *value, struct failure *f)
{
	(void)source;
	(void)value;
	return fail(f, EOPNOTSUPP, "leave it out: one user mounts the root for all",
		    "root=: the options multiuser and cruid: the image has neither cifs.upcall nor "
		    "a user's keys");
}

static int refuse_context(struct root_source *source, const char *value, struct failure *f)
{
	(void)source;
	(void)value;
	return fail(
		f, EOPNOTSUPP, "leave it out, and add selinux=0 or enforcing=0",
		"root=: a label of SELinux in the options: the root loads its policy later, and an "
		"upper has no labels");
}

static const struct option {
	const char *name;
	unsigned kinds;
	int (*set)(struct root_source *source, const char *value, struct failure *f);
} options[] = {
	{ "user", CIFS, set_user },
	{ "username", CIFS, set_user },
	{ "pass", CIFS, set_password },
	{ "password", CIFS, set_password },
	{ "domain", CIFS, set_domain },
	{ "dom", CIFS, set_domain },
	{ "workgroup", CIFS, set_domain },
	{ "credentials", CIFS | DHCP, set_credentials },
	{ "cred", CIFS | DHCP, set_credentials },
	{ "guest", CIFS, set_guest },
	{ "ip", CIFS, set_address },
	{ "addr", CIFS | NFS, set_address },
	{ "port", CIFS | NFS | NBD, set_port },
	{ "ro", ALL, set_ro },
	{ "rw", ALL, refuse_rw },
	{ "nocase", CIFS, refuse_nocase },
	{ "ignorecase", CIFS, refuse_nocase },
	{ "sec", ALL, set_sec },
	{ "xprtsec", NFS | DHCP, set_xprtsec },
	{ "rdma", CIFS | NFS | DHCP, refuse_rdma },
	{ "proto", NFS | DHCP, set_proto },
	{ "multiuser", CIFS | DHCP, refuse_kerberos },
	{ "cruid", CIFS | DHCP, refuse_kerberos },
	{ "context", ALL, refuse_context },
	{ "fscontext", ALL, refuse_context },
	{ "defcontext", ALL, refuse_context },
	{ "rootcontext", ALL, refuse_context },
};

static int add_option(struct root_source *source, char *text, struct failure *f)
{
	char *equals = strchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : strlen(text);

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if ((options[i].kinds & 1u << source->kind) && strlen(options[i].name) == len &&
		    !strncmp(options[i].name, text, len))
			return options[i].set(source, equals ? equals + 1 : NULL, f);
	if (len == 0)
		return fail(f, EINVAL, NULL, "root=: an option without a name: \"%s\"", text);
	strv_add(&source->options, xstrdup(text));
	return 0;
}

int root_options_add(struct root_source *source, const char *text, struct failure *f)
{
	auto_strv char **list = strv_split(text, ",");

	for (size_t i = 0; list && list[i]; i++) {
		int r = add_option(source, list[i], f);

		if (r < 0)
			return r;
	}
	return 0;
}

int root_options_add_user(struct root_source *source, const char *user, const char *password,
			  struct failure *f)
{
	int r = user && !source->user ? set_user(source, user, f) : 0;

	return r == 0 && password && !source->password ? set_password(source, password, f) : r;
}

int root_options_add_credentials(struct root_source *source, const char *text, struct failure *f)
{
	auto_free char *copy = xstrdup(text);
	char *rest = copy;

	for (size_t number = 1; rest; number++) {
		char *line = strsep(&rest, "\n");
		static const char *const names[] = { "username", "user",   "password",
						     "pass",	 "domain", "dom" };
		bool known;

		line += strspn(line, " \t");
		line[strcspn(line, "\r")] = '\0';
		known = *line == '\0' || *line == '#';
		for (size_t n = 0; !known && n < ARRAY_SIZE(names); n++) {
			size_t len = strlen(names[n]);

			if (strncmp(line, names[n], len) != 0 || line[len] != '=')
				continue;
			if (add_option(source, line, f) < 0)
				return -f->code;
			known = true;
		}
		/* The line itself is not shown: it may hold the password. */
		if (!known)
			return fail(f, EINVAL, "lines are username=, password= and domain=",
				    "line %zu is none of a credentials file's", number);
	}
	if (!source->user)
		return fail(f, EINVAL, "lines are username=, password= and domain=",
			    "there is no username= in it");
	return 0;
}

const char *root_options_get(const struct root_source *source, const char *name)
{
	size_t len = strlen(name);
	const char *found = NULL;

	for (size_t i = 0; source->options && source->options[i]; i++) {
		const char *option = source->options[i];

		if (!strncmp(option, name, len) && (!option[len] || option[len] == '='))
			found = option[len] ? option + len + 1 : "";
	}
	return found;
}

const char *root_options_nfs_version(const struct root_source *source)
{
	static const char *const names[] = { "vers", "nfsvers" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *version = root_options_get(source, names[i]);

		if (version)
			return version;
	}
	for (size_t i = 0; source->options && source->options[i]; i++) {
		const char *option = source->options[i];

		/* nfs(5) of old: v3, v4, v4.1 */
		if (option[0] == 'v' && (option[1] == '3' || option[1] == '4') &&
		    (!option[2] || option[2] == '.'))
			return option + 1;
	}
	return NULL;
}

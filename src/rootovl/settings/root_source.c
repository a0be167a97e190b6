// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/root_source.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/paths.h"
#include "src/rootovl/settings/root_forms.h"
#include "src/rootovl/settings/root_mask.h"

#include <errno.h>
#include <string.h>

/* [HOST:]/PATH[,OPTIONS] of root=/dev/nfs, or what initramfs-tools calls auto */
static int parse_nfsroot(struct root_source *parsed, char *text, bool nfs4, struct failure *f)
{
	if (!strcmp(text, "auto")) {
		parsed->kind = ROOT_DHCP;
		return 0;
	}
	parsed->nfs4 = nfs4;
	return root_forms_parse_nfs(parsed, text, f);
}

int root_source_parse(struct root_source *source, const char *root, const char *nfsroot,
		      const char *cifsroot, struct failure *f)
{
	struct root_source parsed = { 0 };
	auto_free char *text = NULL;
	int r;

	if (!strcmp(root, "/dev/nfs") || !strcmp(root, "/dev/nfs4")) {
		if (!nfsroot)
			return fail(f, EINVAL, "nfsroot=[HOST:]/PATH[,OPTIONS]",
				    "root=%s: the parameter nfsroot= is missing", root);
		text = xstrdup(nfsroot);
		r = parse_nfsroot(&parsed, text, root[8] == '4', f);
	} else if (!strcmp(root, "/dev/cifs")) {
		if (!cifsroot)
			return fail(f, EINVAL, "cifsroot=//HOST/SHARE[/PATH][,OPTIONS]",
				    "root=/dev/cifs: the parameter cifsroot= is missing");
		text = xstrdup(cifsroot);
		r = root_forms_parse_cifs(&parsed, text, f);
	} else {
		text = xstrdup(root);
		r = root_forms_parse(&parsed, text, false, f);
	}
	if (r < 0) {
		root_source_done(&parsed);
		return r;
	}
	root_source_done(source);
	*source = parsed;
	return 0;
}

/* Dracut's own modules have a sysroot.mount for these. */
static bool dracut_mounts(const char *root)
{
	return !strncmp(root, "nbd:", 4) ||
	       (!strncmp(root, "live:", 5) && strncmp(root + 5, "http", 4) != 0);
}

int root_source_mounted(struct root_source *source, const char *root, struct failure *f)
{
	if (root && root_forms_is_ours(root) && !dracut_mounts(root))
		return fail(f, EINVAL, "leave rootovl.lower= out: rootovl mounts it itself",
			    "rootovl.lower=mounted: no sysroot.mount mounts root=%.*s…",
			    (int)strcspn(root, ":"), root);
	root_source_done(source);
	source->kind = ROOT_MOUNTED;
	source->path = root ? root_mask(root) : xstrdup(SYSROOT);
	return 0;
}

int root_source_check(const struct root_source *source, struct failure *f)
{
	if (source->credentials && source->kind != ROOT_CIFS && source->kind != ROOT_DHCP)
		return fail(f, EINVAL, "leave it out",
			    "rootovl.credentials=: only a CIFS root has a user");
	if ((source->user || source->password) && source->kind != ROOT_CIFS &&
	    source->kind != ROOT_DHCP)
		return fail(f, EINVAL, "leave it out",
			    "cifsuser=, cifspass=: only a CIFS root has a user");
	if (source->password && !source->user && !source->credentials)
		return fail(f, EINVAL, "give user= or cifsuser= too, or leave it out",
			    "root=: a password is given, and no user");
	if (source->guest && (source->user || source->credentials))
		return fail(f, EINVAL, "leave one of them out",
			    "root=: both guest and a user are asked for");
	return 0;
}

bool root_source_is_remote(const struct root_source *source)
{
	return source->kind == ROOT_CIFS || source->kind == ROOT_NFS || source->kind == ROOT_NBD ||
	       source->kind == ROOT_LIVE || source->kind == ROOT_DHCP;
}

bool root_source_is_image(const struct root_source *source)
{
	const char *dot = source->path ? strrchr(source->path, '.') : NULL;

	return (source->kind == ROOT_CIFS || source->kind == ROOT_NFS) && dot &&
	       IS_ONE_OF(dot, ".erofs", ".squashfs", ".sqfs", ".sfs", ".ext4", ".img", ".iso");
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
		auto_free char *url = root_mask(source->path);

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

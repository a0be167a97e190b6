// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/plan/plan_lower.h"

#include "src/common/mem.h"
#include "src/rootovl/machine/mount_options.h"
#include "src/rootovl/settings/paths.h"
#include "src/rootovl/settings/root_mask.h"
#include "src/rootovl/settings/root_options.h"

#include <errno.h>
#include <string.h>

#define NBD_PORT 10809 /* the one that IANA assigned */

static void append_option(char **options, const char *option)
{
	set_text(options, xasprintf("%s%s%s", *options, **options ? "," : "", option));
}

static bool has_option(const struct root_source *source, const char *const names[])
{
	for (; *names; names++)
		if (root_options_get(source, *names))
			return true;
	return false;
}

/*
 * Nobody changes the lower, so what was read is not asked for again. With POSIX extensions it is
 * more than speed: asked again about an open file, Linux 6.12 takes the answer without the mode in
 * it, and setuid is lost.
 */
static void add_cifs_cache(const struct root_source *source, struct step *step)
{
	static const char *const times[] = { "actimeo", "acregmax", "acdirmax", NULL };

	if (!root_options_get(source, "cache"))
		append_option(&step->lower.options, "cache=loose");
	if (!has_option(source, times))
		append_option(&step->lower.options, "actimeo=86400");
}

/* The same with NFS (nfs(5), DATA AND METADATA COHERENCE). */
static void add_nfs_cache(const struct root_source *source, struct step *step)
{
	static const char *const times[] = { "ac",	 "noac",     "actimeo",	 "acregmin",
					     "acregmax", "acdirmin", "acdirmax", NULL };
	static const char *const opens[] = { "cto", "nocto", "noac", NULL };

	if (!has_option(source, opens))
		append_option(&step->lower.options, "nocto");
	if (!has_option(source, times))
		append_option(&step->lower.options, "actimeo=86400");
}

/* A root that gives up with EIO is worse than one that waits (mount.cifs(8), nfs(5)). */
static void add_hard(const struct root_source *source, struct step *step)
{
	if (!root_options_get(source, "soft") && !root_options_get(source, "softerr") &&
	    !root_options_get(source, "hard"))
		append_option(&step->lower.options, "hard");
}

/* Splits the path at `cut`: the path that is mounted, and the path inside the mount. */
static void split_path(const struct root_source *source, struct step_lower *lower, const char *cut)
{
	lower->what =
		cut ? xstrndup(source->path, (size_t)(cut - source->path)) : xstrdup(source->path);
	lower->inside = cut ? xstrdup(cut + 1) : NULL;
	if (!*lower->what)
		set_text(&lower->what, xstrdup("/"));
}

static void cifs_lower(const struct root_source *source, struct step *step)
{
	struct step_lower *lower = &step->lower;
	const char *cut = NULL;

	lower->port = source->port ? source->port : 445;
	add_hard(source, step);
	add_cifs_cache(source, step);
	/*
	 * With POSIX extensions Linux asks for a folder below the share by a path that begins with
	 * a slash, which Samba refuses: the share itself can be mounted.
	 */
	if (root_options_get(source, "posix"))
		cut = strchr(source->path, '/');
	else if (root_source_is_image(source))
		cut = strrchr(source->path, '/');
	split_path(source, lower, cut);
}

static int nfs_lower(const struct root_source *source, struct step *step, struct failure *f)
{
	/*
	 * Not 4.2: nothing in it serves a read-only root, and its READ_PLUS, which Linux asks for
	 * from 6.7 on, gives zeros in place of data with nfs-ganesha 4.3.
	 */
	static const char *const nfs_tries[] = { "4.1", "4.0", "3" };
	size_t tries = ARRAY_SIZE(nfs_tries) - (source->nfs4 ? 1 : 0);
	const char *version = root_options_nfs_version(source);

	if (version && source->nfs4 && version[0] != '4')
		return fail(f, EINVAL, "write nfs: in place of nfs4:",
			    "root=nfs4: and the option vers=%s contradict one another", version);
	/* NFSv3 finds its ports by the port mapper (RFC 1833). */
	step->lower.port = source->port ? source->port : version && version[0] == '3' ? 111 : 2049;
	add_hard(source, step);
	add_nfs_cache(source, step);
	/* Nobody locks on a read-only root, and NFSv3's locks would need rpc.statd. */
	if (!root_options_get(source, "lock") && !root_options_get(source, "nolock"))
		append_option(&step->lower.options, "nolock");
	for (size_t i = 0; !version && i < tries; i++)
		strv_add(&step->lower.versions, xstrdup(nfs_tries[i]));
	split_path(source, &step->lower,
		   root_source_is_image(source) ? strrchr(source->path, '/') : NULL);
	return 0;
}

static void p9_lower(const struct root_source *source, struct step *step)
{
	/* v9fs: without these it is the oldest protocol, 8 KiB at a time, and nothing is cached. */
	static const struct {
		const char *name, *option;
	} defaults[] = {
		{ "trans", "trans=virtio" },
		{ "version", "version=9p2000.L" },
		{ "msize", "msize=524288" },
		{ "cache", "cache=loose" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(defaults); i++)
		if (!root_options_get(source, defaults[i].name))
			append_option(&step->lower.options, defaults[i].option);
}

int plan_lower(const struct settings *settings, struct step *step, struct failure *f)
{
	static const char *const types[] = {
		[ROOT_CIFS] = "cifs", [ROOT_NFS] = "nfs",   [ROOT_VIRTIOFS] = "virtiofs",
		[ROOT_9P] = "9p",     [ROOT_DEVICE] = NULL, [ROOT_NBD] = NULL,
		[ROOT_LIVE] = NULL,   [ROOT_DHCP] = NULL,   [ROOT_MOUNTED] = NULL,
	};
	const struct root_source *source = &settings->root;
	auto_free char *options = strv_join(source->options, ",");
	int r;

	step->lower = (struct step_lower){
		.source = source,
		.fstype = types[source->kind],
		.digest = settings->digest,
		.verity = settings->verity,
		.signature = settings->signature,
		.timeout = settings->timeout,
		.at = RUN_LOWER,
	};
	r = mount_options_split(options, &step->lower.flags, &step->lower.options);
	if (r < 0) {
		auto_free char *shown = root_mask(options);

		return fail_errno(f, -r, "see rootovl.cmdline(7)", "mount options \"%s\"", shown);
	}
	if (source->kind == ROOT_NFS)
		return nfs_lower(source, step, f);
	if (source->kind == ROOT_CIFS) {
		cifs_lower(source, step);
		return 0;
	}
	if (source->kind == ROOT_9P)
		p9_lower(source, step);
	if (source->kind == ROOT_NBD)
		step->lower.port = source->port ? source->port : NBD_PORT;
	if (source->kind == ROOT_MOUNTED) {
		step->lower.what = xstrdup(SYSROOT);
		return 0;
	}
	/* A plan made without a lease has none of it yet. */
	step->lower.what = xstrdup(source->path ? source->path : "");
	return 0;
}

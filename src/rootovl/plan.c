// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan.h"

#include "common/mem.h"
#include "paths.h"

#include <errno.h>
#include <libmount/libmount.h>
#include <string.h>
#include <sys/mount.h>

#define DEFAULT_UNIT "lkp-bootstrap.service"

static struct step *add_step(struct plan *plan, enum step_kind kind)
{
	plan->steps = xreallocarray(plan->steps, plan->n + 1, sizeof(*plan->steps));
	plan->steps[plan->n] = (struct step){ .kind = kind };
	return &plan->steps[plan->n++];
}

static void plan_modules(struct plan *plan)
{
	const struct root_source *source = &plan->settings.root;
	struct step *step = add_step(plan, STEP_MODULES);
	const char *version = source->kind == ROOT_NFS ? root_source_nfs_version(source) : NULL;
	const char *smb = root_source_option(source, "vers");
	bool smb1 = smb && !strcmp(smb, "1.0");

	strv_add(&step->modules, xstrdup("overlay"));
	if (source->kind == ROOT_CIFS) {
		/*
		 * Linux loses a break of an oplock that overtakes the reply to its open, and Samba
		 * then waits 35 s for it. The lower never changes: oplocks would serve nothing.
		 */
		strv_add(&step->modules, xstrdup(smb1 ? "cifs enable_oplocks=0" : "cifs"));
		return;
	}
	/* nfsv3 and nfsv4 may be built into nfs.ko's own version: the kernel asks for them. */
	strv_add(&step->modules, xstrdup("nfs"));
	if (!version || version[0] == '4')
		strv_add(&step->modules, xstrdup("nfsv4"));
	if (!source->nfs4 && (!version || version[0] == '3'))
		strv_add(&step->modules, xstrdup("nfsv3"));
}

/* Splits the options into flags of mount(2) and the file system's own; user space's are dropped. */
static int split_options(const struct root_source *source, struct step_lower *lower,
			 struct failure *f)
{
	auto_free char *joined = strv_join(source->options, ",");
	auto_free char *user = NULL, *vfs = NULL, *fs = NULL;
	int r = mnt_split_optstr(joined, &user, &vfs, &fs, 0, 0);

	if (r == 0 && vfs)
		r = mnt_optstr_get_flags(vfs, &lower->flags, mnt_get_builtin_optmap(MNT_LINUX_MAP));
	if (r < 0) {
		auto_free char *shown = root_source_masked(joined);

		return fail_errno(f, -r, "see rootovl.cmdline(7)", "mount options \"%s\"", shown);
	}
	lower->flags |= MS_RDONLY;
	lower->options = xstrdup(fs ? fs : "");
	return 0;
}

static void append_option(char **options, const char *option)
{
	char *longer = xasprintf("%s%s%s", *options, **options ? "," : "", option);

	free(*options);
	*options = longer;
}

/*
 * Nobody changes the lower, so what was read is not asked for again. With POSIX extensions it is
 * more than speed: asked again about an open file, Linux 6.12 takes the answer without the mode in
 * it, and setuid is lost.
 */
static void add_cifs_cache(const struct root_source *source, struct step *step)
{
	if (!root_source_option(source, "cache"))
		append_option(&step->lower.options, "cache=loose");
	if (!root_source_option(source, "actimeo") && !root_source_option(source, "acregmax") &&
	    !root_source_option(source, "acdirmax"))
		append_option(&step->lower.options, "actimeo=86400");
}

static int plan_lower(struct plan *plan, struct failure *f)
{
	const struct root_source *source = &plan->settings.root;
	struct step *step = add_step(plan, STEP_MOUNT_LOWER);
	/*
	 * Not 4.2: nothing in it serves a read-only root, and its READ_PLUS, which Linux asks for
	 * from 6.7 on, gives zeros in place of data with nfs-ganesha 4.3.
	 */
	static const char *const nfs_tries[] = { "4.1", "4.0", "3" };
	size_t tries = ARRAY_SIZE(nfs_tries) - (source->nfs4 ? 1 : 0);
	int r;

	step->lower = (struct step_lower){
		.source = source,
		.fstype = source->kind == ROOT_CIFS ? "cifs" : "nfs",
		.at = RUN_LOWER,
	};
	r = split_options(source, &step->lower, f);
	if (r < 0)
		return r;
	/* A root that gives up with EIO is worse than one that waits (mount.cifs(8), nfs(5)). */
	if (!root_source_option(source, "soft") && !root_source_option(source, "softerr") &&
	    !root_source_option(source, "hard"))
		append_option(&step->lower.options, "hard");
	if (source->kind == ROOT_CIFS) {
		add_cifs_cache(source, step);
		/*
		 * With POSIX extensions Linux asks for a folder below the share by a path that
		 * begins with a slash, which Samba refuses: the share itself can be mounted.
		 */
		step->lower.by_share = root_source_option(source, "posix") != NULL &&
				       strchr(source->path, '/') != NULL;
		return 0;
	}
	/* Nobody locks on a read-only root, and NFSv3's locks would need rpc.statd. */
	if (!root_source_option(source, "lock") && !root_source_option(source, "nolock"))
		append_option(&step->lower.options, "nolock");
	if (root_source_nfs_version(source) && source->nfs4 &&
	    root_source_nfs_version(source)[0] != '4')
		return fail(f, EINVAL, "write nfs: in place of nfs4:",
			    "root=nfs4: and the option vers=%s contradict one another",
			    root_source_nfs_version(source));
	for (size_t i = 0; !root_source_nfs_version(source) && i < tries; i++)
		strv_add(&step->lower.versions, xstrdup(nfs_tries[i]));
	return 0;
}

static void plan_upper(struct plan *plan)
{
	const struct settings *settings = &plan->settings;
	struct step *step = add_step(plan, STEP_MOUNT_UPPER);
	auto_free char *size = settings->size.bytes
				       ? xasprintf("%llu", (unsigned long long)settings->size.bytes)
				       : xasprintf("%u%%", settings->size.percent);

	step->upper.at = RUN_UPPER;
	/* Without nr_inodes tmpfs allows one inode for every other page of memory, not of `size`.
	 */
	step->upper.options = settings->inodes ? xasprintf("mode=0755,size=%s,nr_inodes=%llu", size,
							   (unsigned long long)settings->inodes)
					       : xasprintf("mode=0755,size=%s", size);
}

static int plan_copy(struct plan *plan, const struct facts *facts, struct failure *f)
{
	const struct payload_words words = {
		.kernel = facts->kernel,
		.user = plan->settings.user,
	};
	struct step *step = add_step(plan, STEP_COPY);
	char *const *copy = plan->settings.copy;
	int r = 0;

	for (size_t i = 0; r == 0 && i < facts->n_tables; i++)
		r = payload_rules_parse(&step->copy, facts->tables[i].name, facts->tables[i].text,
					&words, f);
	for (; r == 0 && copy && *copy; copy++)
		r = payload_rules_add_copy(&step->copy, *copy, f);
	return r < 0 ? r : payload_rules_settle(&step->copy, f);
}

static void plan_enable(struct plan *plan)
{
	char *const *units = plan->settings.enable;
	struct step *step = add_step(plan, STEP_ENABLE);

	step->enable.optional = !units;
	if (!units)
		strv_add(&step->enable.units, xstrdup(DEFAULT_UNIT));
	for (; units && *units; units++)
		strv_add(&step->enable.units, xstrdup(*units));
}

int plan_build(struct plan *plan, struct settings *settings, const struct facts *facts,
	       struct failure *f)
{
	int r = 0;

	*plan = (struct plan){
		.settings = *settings,
		.memory = facts->memory,
		.source = "/",
	};
	*settings = (struct settings){ 0 };
	if (facts->credentials) {
		r = root_source_add_credentials(&plan->settings.root, facts->credentials, f);
		if (r < 0) {
			failure_prefix(f, "credentials file %s", plan->settings.root.credentials);
			return r;
		}
	}
	plan_modules(plan);
	r = plan_lower(plan, f);
	if (r < 0)
		return r;
	add_step(plan, STEP_CHECK_LOWER)->init =
		plan->settings.init ? plan->settings.init : "/sbin/init";
	plan_upper(plan);
	r = plan_copy(plan, facts, f);
	if (r < 0)
		return r;
	plan_enable(plan);
	if (plan->settings.fstab == FSTAB_SAFE)
		add_step(plan, STEP_FSTAB);
	add_step(plan, STEP_NAMES)->job = plan->settings.job;
	add_step(plan, STEP_MOUNT_ROOT)->sysroot = "/sysroot";
	return 0;
}

void plan_done(struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		struct step *step = &plan->steps[i];

		switch (step->kind) {
		case STEP_MODULES:
			strv_free(step->modules);
			break;
		case STEP_MOUNT_LOWER:
			free(step->lower.options);
			strv_free(step->lower.versions);
			break;
		case STEP_MOUNT_UPPER:
			free(step->upper.options);
			break;
		case STEP_COPY:
			payload_rules_done(&step->copy);
			break;
		case STEP_ENABLE:
			strv_free(step->enable.units);
			break;
		default:
			break;
		}
	}
	free(plan->steps);
	settings_done(&plan->settings);
	*plan = (struct plan){ 0 };
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/plan/plan.h"

#include "src/common/mem.h"
#include "src/rootovl/plan/copy_name.h"
#include "src/rootovl/plan/job_start.h"
#include "src/rootovl/plan/payload_settle.h"
#include "src/rootovl/plan/plan_lower.h"
#include "src/rootovl/settings/network_words.h"
#include "src/rootovl/settings/paths.h"
#include "src/rootovl/settings/root_dhcp.h"
#include "src/rootovl/settings/root_options.h"

#include <string.h>

#define DEFAULT_PERCENT 50 /* of memory, for the tmpfs */

/* Fills step->modules with what the overlay, the lower, the disks and the personality need. */
static void plan_modules(const struct settings *settings, struct step *step)
{
	const struct root_source *source = &settings->root;
	const char *smb = root_options_get(source, "vers");
	const char *nfs_version = root_options_nfs_version(source);
	const bool cifs = source->kind == ROOT_CIFS, smb1 = smb && !strcmp(smb, "1.0");
	const bool nfs = source->kind == ROOT_NFS;
	const struct {
		bool wanted;
		const char *modules[4];
	} rows[] = {
		{ true, { "overlay" } },
		/* The mount else takes the kernel's slow cipher, and keeps it for good. */
		{ root_options_get(source, "seal") != NULL, { "crypto-aes" } },
		{ cifs && !smb1, { "cifs" } },
		/*
		 * Linux loses a break of an oplock that overtakes the reply to its open, and Samba
		 * then waits 35 s for it. The lower never changes: oplocks would serve nothing.
		 */
		{ cifs && smb1, { "cifs enable_oplocks=0" } },
		/* nfs.ko asks for the modules of its versions, but without these parameters. */
		{ nfs, { "nfs" } },
		/*
		 * Linux 6.19 and later ask for delegations of directories. The lower never changes
		 * and does not need them, and nfs-ganesha before 9.11 fails them with EREMOTEIO.
		 */
		{ nfs && (!nfs_version || nfs_version[0] == '4'),
		  { "nfsv4 directory_delegations=0" } },
		{ nfs && !source->nfs4 && (!nfs_version || nfs_version[0] == '3'), { "nfsv3" } },
		{ source->kind == ROOT_VIRTIOFS, { "virtiofs" } },
		{ source->kind == ROOT_9P, { "9pnet_virtio", "9p" } },
		{ source->kind == ROOT_NBD, { "nbd" } },
		{ source->kind == ROOT_LIVE || root_source_is_image(source), { "loop" } },
		{ settings->personality != NULL, { "sr_mod", "isofs", "virtio_console" } },
		{ settings->disks != NULL, { "dm-mod" } },
		{ settings->verity != NULL, { "dm-verity" } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (const char *const *name = rows[i].modules; rows[i].wanted && *name; name++)
			strv_add(&step->modules, xstrdup(*name));
}

bool plan_may_lack(const char *module)
{
	return !strncmp(module, "nfsv", 4) || !strncmp(module, "crypto-", 7);
}

static struct step *plan_add(struct plan *plan, enum step_kind kind)
{
	plan->steps = xreallocarray(plan->steps, plan->n + 1, sizeof(*plan->steps));
	plan->steps[plan->n] = (struct step){ .kind = kind };
	return &plan->steps[plan->n++];
}

static char *tmpfs_options(const struct settings *settings, unsigned percent)
{
	auto_free char *size = settings->size.bytes
				       ? xasprintf("%llu", (unsigned long long)settings->size.bytes)
				       : xasprintf("%u%%", percent);

	/* Without nr_inodes: one inode for every other page of memory, not of `size`. */
	return settings->inodes ? xasprintf("mode=0755,size=%s,nr_inodes=%llu", size,
					    (unsigned long long)settings->inodes)
				: xasprintf("mode=0755,size=%s", size);
}

static void plan_disks(struct plan *plan)
{
	const struct settings *settings = &plan->settings;
	struct step *step = plan_add(plan, STEP_PREPARE_DISKS);

	step->disks = (struct step_disks){
		.devices = settings->disks,
		.wish = {
			.size_asked = settings->size.bytes || settings->size.percent,
			.size = settings->size.bytes,
			.percent = settings->size.percent,
			.format = settings->format,
			.fs = settings->disk_fs,
		},
	};
}

/* The device of the upper, as device_find() takes it; NULL: memory. */
static const char *upper_device(const struct settings *settings)
{
	return settings->disks ? DISKS_VOLUME : settings->upper;
}

static void plan_upper(struct plan *plan)
{
	const struct settings *settings = &plan->settings;
	const char *device = upper_device(settings);
	struct step *step = plan_add(plan, STEP_MOUNT_UPPER);
	unsigned percent = settings->size.bytes	    ? 0
			   : settings->size.percent ? settings->size.percent
						    : DEFAULT_PERCENT;

	step->upper = (struct step_upper){
		.at = RUN_UPPER,
		.options = device ? NULL : tmpfs_options(settings, percent),
		.percent = percent,
		.device = device,
		.persist = settings->persist,
		.anew = settings->persist_anew,
	};
}

/* A root whose name has no date may be another one tomorrow: only who insists gets a copy. */
static bool wants_copy(const struct settings *settings)
{
	return settings->cache == CACHE_FORCE ||
	       (settings->cache == CACHE_YES && copy_is_dated(&settings->root));
}

static void plan_copy_of_lower(struct plan *plan)
{
	const struct settings *settings = &plan->settings;
	struct step *step = plan_add(plan, STEP_FIND_COPY);

	step->cache.device = upper_device(settings);
	step->cache.key = copy_key(&settings->root, settings->digest);
	step->cache.id = copy_id(step->cache.key);
	step->cache.ask = !copy_is_dated(&settings->root);
}

/*
 * From the most wanted to the plainest (Documentation/filesystems/overlayfs.rst). index and
 * nfs_export need file handles that CIFS and NFS lowers do not have. redirect_dir: a rename of a
 * directory of the lower would else be EXDEV, which dpkg cannot stand. An upper that is kept does
 * without it, for the next boot writes into it before it is mounted, and does not follow such
 * directories (newroot.h). volatile: nothing on a fresh upper must outlive the power, so that no
 * fsync(2) of a job has to wait for the disk.
 */
static void plan_root(struct plan *plan)
{
	static const char *const in_memory[] = {
		"redirect_dir=on,index=off,nfs_export=off",
		"redirect_dir=on",
		"",
		NULL,
	};
	static const char *const fresh[] = {
		"redirect_dir=on,index=off,nfs_export=off,volatile",
		"redirect_dir=on,index=off,nfs_export=off",
		"redirect_dir=on",
		"",
		NULL,
	};
	static const char *const kept[] = {
		"redirect_dir=nofollow,metacopy=off,index=off,nfs_export=off",
		"redirect_dir=off,index=off,nfs_export=off",
		"",
		NULL,
	};
	const struct settings *settings = &plan->settings;
	struct step *step = plan_add(plan, STEP_MOUNT_ROOT);

	step->root.at = SYSROOT;
	step->root.options = settings->persist ? kept : upper_device(settings) ? fresh : in_memory;
}

static int plan_copy(struct plan *plan, const struct facts *facts, struct failure *f)
{
	const struct payload_words words = {
		.kernel = facts->kernel,
		.user = plan->settings.user,
	};
	struct step *step = plan_add(plan, STEP_COPY);
	char *const *copy = plan->settings.copy;
	int r = 0;

	for (size_t i = 0; r == 0 && i < facts->n_tables; i++)
		r = payload_rules_parse(&step->copy, facts->tables[i].name, facts->tables[i].text,
					&words, f);
	for (; r == 0 && copy && *copy; copy++)
		r = payload_rules_add_copy(&step->copy, *copy, f);
	payload_settle(&step->copy);
	return r;
}

static int plan_enable(struct plan *plan, const struct facts *facts, struct failure *f)
{
	char *const *units = plan->settings.enable;
	struct step *step = plan_add(plan, STEP_ENABLE);
	int r = 0;

	step->enable.optional = !units;
	if (!units)
		strv_add(&step->enable.units, xstrdup(JOB_UNIT));
	for (; units && *units; units++)
		strv_add(&step->enable.units, xstrdup(*units));
	for (size_t i = 0; r == 0 && plan->settings.defer && i < facts->n_defer; i++)
		r = defer_table_parse(&step->enable.defer, facts->defer[i].name,
				      facts->defer[i].text, f);
	return r;
}

/* root=dhcp becomes what the lease names; without a lease the plan says so. */
static int take_lease(struct plan *plan, const struct facts *facts, struct failure *f)
{
	struct root_source *root = &plan->settings.root;
	int r;

	if (root->kind != ROOT_DHCP || !facts->lease.root_path)
		return 0;
	r = root_dhcp_parse(root, facts->lease.root_path, facts->lease.server, f);
	if (r == 0)
		r = root_source_check(root, f);
	return r < 0 ? r : settings_check_verity(&plan->settings, f);
}

int plan_build(struct plan *plan, struct settings *settings, const struct facts *facts,
	       struct failure *f)
{
	bool copied;
	int r;

	*plan = (struct plan){
		.settings = *settings,
		.memory = facts->memory,
		.source = "/",
	};
	*settings = (struct settings){ 0 };
	r = facts->knows_netdevs
		    ? network_words_check_made(plan->settings.elsewhere, facts->netdevs, f)
		    : 0;
	if (r == 0)
		r = take_lease(plan, facts, f);
	if (r < 0)
		return r;
	if (facts->credentials && plan->settings.root.kind == ROOT_CIFS) {
		r = root_options_add_credentials(&plan->settings.root, facts->credentials, f);
		if (r < 0) {
			failure_prefix(f, "credentials file %s", plan->settings.root.credentials);
			return r;
		}
	}
	plan_modules(&plan->settings, plan_add(plan, STEP_MODULES));
	/* It is on the upper's disk. */
	copied = wants_copy(&plan->settings);
	if (copied && plan->settings.disks)
		plan_disks(plan);
	if (copied)
		plan_copy_of_lower(plan);
	r = plan_lower(&plan->settings, plan_add(plan, STEP_MOUNT_LOWER), f);
	if (r < 0)
		return r;
	plan_add(plan, STEP_CHECK_LOWER)->init = plan->settings.init;
	if (!copied && plan->settings.disks)
		plan_disks(plan);
	plan_upper(plan);
	r = plan_copy(plan, facts, f);
	if (r < 0)
		return r;
	r = plan_enable(plan, facts, f);
	if (r < 0)
		return r;
	if (plan->settings.fstab == FSTAB_SAFE)
		plan_add(plan, STEP_FSTAB);
	if (plan->settings.machine_id == MACHINE_ID_SET)
		plan_add(plan, STEP_MACHINE_ID);
	if (plan->settings.personality)
		plan_add(plan, STEP_PERSONALITY)->device = plan->settings.personality;
	plan_add(plan, STEP_NAMES)->names = (struct step_names){
		.job = plan->settings.job,
		.hostname = plan->settings.hostname,
		.line_name = plan->settings.line_name,
	};
	plan_root(plan);
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
			free(step->lower.what);
			free(step->lower.inside);
			strv_free(step->lower.versions);
			break;
		case STEP_FIND_COPY:
			free(step->cache.key);
			free(step->cache.id);
			break;
		case STEP_MOUNT_UPPER:
			free(step->upper.options);
			break;
		case STEP_COPY:
			payload_rules_done(&step->copy);
			break;
		case STEP_ENABLE:
			strv_free(step->enable.units);
			defer_table_done(&step->enable.defer);
			break;
		default:
			break;
		}
	}
	free(plan->steps);
	settings_done(&plan->settings);
	*plan = (struct plan){ 0 };
}

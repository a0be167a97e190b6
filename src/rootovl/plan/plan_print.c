// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/plan/plan_print.h"

#include "src/common/mem.h"
#include "src/rootovl/machine/mount_options.h"
#include "src/rootovl/plan/copy_name.h"
#include "src/rootovl/settings/root_mask.h"

static const char *const names[STEP_KINDS] = {
	[STEP_MODULES] = "load modules",      [STEP_MOUNT_LOWER] = "mount lower",
	[STEP_CHECK_LOWER] = "check lower",   [STEP_PREPARE_DISKS] = "prepare disks",
	[STEP_FIND_COPY] = "find copy",	      [STEP_MOUNT_UPPER] = "mount upper",
	[STEP_COPY] = "copy payload",	      [STEP_ENABLE] = "enable units",
	[STEP_FSTAB] = "make fstab safe",     [STEP_PERSONALITY] = "set personality",
	[STEP_NAMES] = "leave names",	      [STEP_MOUNT_ROOT] = "mount root",
	[STEP_MACHINE_ID] = "set machine id",
};

const char *plan_step_name(enum step_kind kind)
{
	return names[kind];
}

char *plan_step_object(const struct plan *plan, const struct step *step)
{
	switch (step->kind) {
	case STEP_MODULES:
		return strv_join(step->modules, ", ");
	case STEP_MOUNT_LOWER:
		return root_source_name(step->lower.source);
	case STEP_CHECK_LOWER:
		return xasprintf("%s, os-release, owners, links", step->init ? step->init : "init");
	case STEP_PREPARE_DISKS:
		return strv_join(step->disks.devices, ", ");
	case STEP_FIND_COPY:
		return xasprintf("device %s, rootovl/cache/%s", step->cache.device, step->cache.id);
	case STEP_MOUNT_UPPER:
		return step->upper.device ? xasprintf("device %s", step->upper.device)
					  : xstrdup("tmpfs");
	case STEP_COPY:
		return xasprintf("from %s, %zu rules", plan->source, step->copy.n);
	case STEP_ENABLE:
		return strv_join(step->enable.units, ", ");
	case STEP_FSTAB:
		return xstrdup("/etc/fstab, crypttab, units");
	case STEP_MACHINE_ID:
		return xstrdup("/etc/machine-id");
	case STEP_PERSONALITY:
		return xasprintf("from %s", step->device);
	case STEP_NAMES:
		return xstrdup("/live");
	case STEP_MOUNT_ROOT:
		return xasprintf("overlay on %s", step->root.at);
	default:
		return xstrdup("");
	}
}

static void print_lower(const struct plan *plan, const struct step_lower *lower, FILE *out)
{
	const struct root_source *source = lower->source;
	auto_free char *flags = mount_options_text(lower->flags);
	auto_free char *options = root_mask(lower->options);
	auto_free char *tries = strv_join(lower->versions, ", then ");

	fprintf(out, " on %s\n    options: %s%s%s\n", lower->at, flags, *options ? "," : "",
		options);
	if (source->by_dhcp)
		fputs("    named by a DHCP server\n", out);
	if (source->address)
		fprintf(out, "    address: %s\n", source->address);
	if (source->port)
		fprintf(out, "    port: %u\n", source->port);
	if (lower->versions)
		fprintf(out, "    versions: %s\n", tries);
	if (source->kind == ROOT_CIFS && source->user)
		fprintf(out, "    user: %s%s%s%s\n", source->domain ? source->domain : "",
			source->domain ? "\\" : "", source->user,
			source->password ? ", with a password" : ", without a password");
	else if (source->kind == ROOT_CIFS && source->credentials)
		fprintf(out, "    user: from %s\n", source->credentials);
	else if (source->kind == ROOT_CIFS)
		fprintf(out, "    user: guest\n");
	if (lower->inside)
		fprintf(out, "    %s is mounted, and %s taken from it\n", lower->what,
			lower->inside);
	if (source->kind == ROOT_LIVE)
		fprintf(out, "    fetched into memory, sha256 %s\n",
			lower->digest ? lower->digest : "not asked for");
	if (lower->verity)
		fprintf(out, "    checked as it is read, by dm-verity: root hash %s%s%s\n",
			lower->verity, lower->signature ? ", its signature in " : "",
			lower->signature ? lower->signature : "");
	if (source->kind == ROOT_MOUNTED) {
		fprintf(out, "    the image mounts it on %s before\n", lower->what);
		return;
	}
	fprintf(out, "    what can heal is retried for %u s\n", plan->settings.timeout);
}

static void print_rules(const struct payload_rules *copy, FILE *out)
{
	for (size_t i = 0; i < copy->n; i++) {
		const struct payload_rule *rule = &copy->rules[i];
		auto_free char *kept = strv_join(rule->keep, ", ");

		fprintf(out, "    %s%s%s %s -> %s, %s",
			rule->mode == PAYLOAD_TREE ? "tree" : "missing", rule->unless ? ":" : "",
			rule->unless ? rule->unless : "", rule->source, rule->dest,
			rule->move ? "moved" : "copied");
		if (rule->keep)
			fprintf(out, " (but %s stays for a later rule)", kept);
		fputc('\n', out);
	}
}

static void print_disks(const struct disks_wish *wish, FILE *out)
{
	static const char *const formats[] = {
		[DISKS_FORMAT_BLANK] = "what is blank or ours",
		[DISKS_FORMAT_FORCE] = "whatever is on them",
		[DISKS_FORMAT_NEVER] = "never",
	};

	fputs("\n    volume: " DISKS_GROUP "/" DISKS_NAME ", ", out);
	if (!wish->size_asked)
		fputs("the one that is there, else 20 GiB or 80% of the group", out);
	else if (wish->size)
		fprintf(out, "%llu MiB", (unsigned long long)wish->size >> 20);
	else
		fprintf(out, "%u%% of the group", wish->percent);
	fprintf(out, ", %s\n    formatted: %s\n", wish->fs == DISKS_XFS ? "xfs" : "ext4",
		formats[wish->format]);
}

static void print_cache(const struct step_cache *cache, FILE *out)
{
	fprintf(out, "\n    of: %s\n    %s\n    where there is none, it is made after the boot\n",
		cache->key,
		cache->ask ? "no date in its name: the lower is mounted, and the copy used if the "
			     "lower did not change"
			   : "a date in its name: the copy is used, and the server not asked");
}

static void print_tmpfs(const struct plan *plan, const struct step_upper *upper, FILE *out)
{
	fprintf(out, "    options: %s\n", upper->options);
	if (upper->percent && plan->memory)
		fprintf(out, "    %u%% of memory is %llu MiB\n", upper->percent,
			(unsigned long long)(plan->memory * upper->percent / 100 >> 20));
}

static void print_upper(const struct plan *plan, const struct step_upper *upper, FILE *out)
{
	fprintf(out, " on %s\n", upper->at);
	if (!upper->device)
		print_tmpfs(plan, upper, out);
	else if (upper->persist)
		fprintf(out, "    kept under the name %s%s\n", upper->persist,
			upper->anew ? ", begun anew" : "");
	else
		fputs("    fresh; the one of before is removed after the boot\n", out);
}

static void print_enable(const struct step_enable *step, FILE *out)
{
	fputs(step->optional ? ", where it is\n" : "\n", out);
	for (size_t i = 0; i < step->defer.n; i++)
		fprintf(out, "    starts behind the job: %s, %s\n", step->defer.rows[i].unit,
			step->defer.rows[i].reason);
}

static void print_names(const struct step_names *step, FILE *out)
{
	if (step->job)
		fprintf(out, ", and see that %s is there", step->job);
	fputc('\n', out);
	if (step->hostname)
		fprintf(out, "    host name: %s\n", step->hostname);
	else if (step->line_name)
		fprintf(out, "    host name: %s, where the root has none\n", step->line_name);
}

static void print_root(const struct step_root *root, FILE *out)
{
	fputs("\n    options: ", out);
	for (const char *const *row = root->options; *row; row++)
		fprintf(out, "%s%s", row == root->options ? "" : ", else ", **row ? *row : "none");
	fputc('\n', out);
}

static void print_step(const struct plan *plan, const struct step *step, FILE *out)
{
	auto_free char *object = plan_step_object(plan, step);

	fprintf(out, "%s: %s", names[step->kind], object);
	switch (step->kind) {
	case STEP_MOUNT_LOWER:
		print_lower(plan, &step->lower, out);
		break;
	case STEP_PREPARE_DISKS:
		print_disks(&step->disks.wish, out);
		break;
	case STEP_FIND_COPY:
		print_cache(&step->cache, out);
		break;
	case STEP_MOUNT_UPPER:
		print_upper(plan, &step->upper, out);
		break;
	case STEP_COPY:
		fputc('\n', out);
		print_rules(&step->copy, out);
		break;
	case STEP_ENABLE:
		print_enable(&step->enable, out);
		break;
	case STEP_MACHINE_ID:
		fputs(", where the root has none\n", out);
		break;
	case STEP_NAMES:
		print_names(&step->names, out);
		break;
	case STEP_MOUNT_ROOT:
		print_root(&step->root, out);
		break;
	default:
		fputc('\n', out);
	}
}

void plan_print(const struct plan *plan, FILE *out)
{
	static const char *const onfail[] = {
		[ONFAIL_SHELL] = "a shell",
		[ONFAIL_REBOOT] = "reboot",
		[ONFAIL_POWEROFF] = "power off",
	};

	for (size_t i = 0; i < plan->n; i++)
		print_step(plan, &plan->steps[i], out);
	if (plan->settings.cache == CACHE_YES && !copy_is_dated(&plan->settings.root))
		fputs("no copy of the lower is kept: its name has no date\n", out);
	for (char **made = plan->settings.elsewhere; made && *made; made += 2)
		fprintf(out, "network: a .netdev file of the image must make %s\n", made[1]);
	if (plan->settings.long_because)
		fprintf(out, "way: long, because of %s\n", plan->settings.long_because);
	else
		fputs("way: short\n", out);
	fprintf(out, "on failure: %s\n", onfail[plan->settings.onfail]);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/params.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/host_name.h"
#include "src/rootovl/settings/report_place.h"
#include "src/rootovl/settings/values.h"

#include <errno.h>
#include <string.h>

/* The rest of a row: where its value goes, and how it is read. */
#define AT(which, member)     .kind = PARAM_##which, .field = offsetof(struct reading, member)
#define WORD_AT(member, list) AT(WORD, member), .words = list

static const char *const fstab_words[] = { [FSTAB_SAFE] = "safe", [FSTAB_KEEP] = "keep", NULL };
static const char *const machine_id_words[] = {
	[MACHINE_ID_SET] = "set",
	[MACHINE_ID_KEEP] = "keep",
	NULL,
};
static const char *const onfail_words[] = {
	[ONFAIL_SHELL] = "shell",
	[ONFAIL_REBOOT] = "reboot",
	[ONFAIL_POWEROFF] = "poweroff",
	NULL,
};

static const char *const way_words[] = { [WAY_AUTO] = "auto", [WAY_LONG] = "long", NULL };
static const char *const format_words[] = {
	[DISKS_FORMAT_BLANK] = "blank",
	[DISKS_FORMAT_FORCE] = "force",
	[DISKS_FORMAT_NEVER] = "never",
	NULL,
};
static const char *const cache_words[] = {
	[CACHE_NO] = "no",
	[CACHE_YES] = "yes",
	[CACHE_FORCE] = "force",
	NULL,
};
static const char *const fs_words[] = { [DISKS_EXT4] = "ext4", [DISKS_XFS] = "xfs", NULL };

static int set_rootflags(struct reading *reading, const char *value)
{
	reading->rootflags = value;
	return value ? 0 : -EINVAL;
}

static int set_lower(struct reading *reading, const char *value)
{
	reading->mounted = value && !strcmp(value, "mounted");
	return reading->mounted ? 0 : -EINVAL;
}

/* Other words of this name are somebody else's: only what Compass-CI sends is taken. */
static int set_local(struct reading *reading, const char *value)
{
	bool on;

	if (value_switch(value, &on) == 0)
		reading->local.on = on;
	return 0;
}

static int add_copy(struct reading *reading, const char *value)
{
	if (!value || value[0] != '/')
		return -EINVAL;
	strv_add(&reading->settings.copy, xstrdup(value));
	return 0;
}

/* It becomes a part of paths. */
static int set_user(struct reading *reading, const char *value)
{
	if (!value || !*value || strchr(value, '/') || value[0] == '.')
		return -EINVAL;
	set_text(&reading->settings.user, xstrdup(value));
	return 0;
}

static int set_hostname(struct reading *reading, const char *value)
{
	if (!value || !host_name_is_valid(value))
		return -EINVAL;
	set_text(&reading->settings.hostname, xstrdup(value));
	return 0;
}

static int set_report(struct reading *reading, const char *value)
{
	struct report_place place;
	int r = report_place_parse(&place, value);

	report_place_done(&place);
	if (r == 0)
		set_text(&reading->settings.report, xstrdup(value));
	return r;
}

static int set_upper(struct reading *reading, const char *value)
{
	if (!value || strcmp(value, "tmpfs") != 0)
		return value_device(value, &reading->settings.upper);
	free(reading->settings.upper);
	reading->settings.upper = NULL;
	return 0;
}

static int set_persist(struct reading *reading, const char *value)
{
	return value_persist(value, &reading->settings.persist, &reading->settings.persist_anew);
}

static int set_digest(struct reading *reading, const char *value)
{
	static const char kind[] = "sha256:";
	size_t n = strlen(kind);

	if (!value || strncmp(value, kind, n) != 0)
		return -EINVAL;
	return value_sha256(value + n, &reading->settings.digest);
}

static int set_verity(struct reading *reading, const char *value)
{
	return value_sha256(value, &reading->settings.verity);
}

static const struct parameter parameters[] = {
	{ "rootovl", "[=yes|no]", "switches the helper on", AT(SWITCH, settings.enabled) },
	{ "root", "=SOURCE", "where the lower comes from", AT(TEXT, root) },
	{ "nfsroot", "=[HOST:]/PATH[,OPTIONS]", "the lower of root=/dev/nfs", AT(TEXT, nfsroot) },
	{ "cifsroot", "=//HOST/SHARE[/PATH][,OPTIONS]", "the lower of root=/dev/cifs",
	  AT(TEXT, cifsroot) },
	{ "cifsuser", "=NAME", "the user of a CIFS root", AT(MAYBE, cifsuser) },
	{ "cifspass", "=PASSWORD", "and the user's password", AT(MAYBE, cifspass) },
	{ "rootflags", "=OPTION[,OPTION…]", "further mount options of the lower",
	  .set = set_rootflags },
	{ "rootfstype", "=TYPE", "virtiofs or 9p: root= is a tag; others are found out",
	  AT(MAYBE, rootfstype) },
	{ "rootovl.lower", "=mounted", "the lower is what the image mounts by itself",
	  .set = set_lower },
	{ "rootovl.size", "=BYTES[K|M|G|T] or PERCENT%",
	  "size of the upper; 50% of memory, 20G of disks", AT(SIZE, settings.size) },
	{ "rootovl.inodes", "=NUMBER[k|m]", "inodes of the upper; as many as the kernel gives",
	  AT(COUNT, settings.inodes) },
	{ "rootovl.copy", "=SRC[:DEST]", "one more tree of the payload; may be repeated",
	  .set = add_copy },
	{ "rootovl.enable", "=UNIT[,UNIT…]", "units to enable; lkp-bootstrap.service where it is",
	  AT(LIST, settings.enable) },
	{ "rootovl.defer", "[=yes|no]", "start what no job needs behind the job; no",
	  AT(SWITCH, settings.defer) },
	{ "rootovl.fstab", "=safe|keep", "make the root's fstab safe, or leave it",
	  WORD_AT(settings.fstab, fstab_words) },
	{ "rootovl.machineid", "=set|keep", "give a root without a machine id one, or leave it",
	  WORD_AT(settings.machine_id, machine_id_words) },
	{ "rootovl.timeout", "=SECONDS", "how long what can heal is retried; 90",
	  AT(SECONDS, settings.timeout) },
	{ "rootovl.onfail", "=shell|reboot|poweroff", "what a failed boot does; shell",
	  WORD_AT(settings.onfail, onfail_words) },
	{ "rootovl.credentials", "=/PATH",
	  "a file with username=, password=, domain=", AT(PATH, settings.credentials) },
	{ "rootovl.personality", "=LABEL=…|UUID=…|/dev/…", "a medium with hostname, ip, password",
	  AT(DEVICE, settings.personality) },
	{ "rootovl.hostname", "=NAME", "what the machine is called, whatever the root says",
	  .set = set_hostname },
	{ "rootovl.report", "=http://HOST[:PORT]/PATH", "post the report of the boot there",
	  .set = set_report },
	{ "rootovl.way", "=auto|long",
	  "without systemd in the initramfs where that can be, or with it",
	  WORD_AT(settings.way, way_words) },
	{ "user", "=NAME", "LKP's user: chooses /lkp/NAME/src", .set = set_user },
	{ "job", "=/PATH", "LKP's job file", AT(PATH, settings.job) },
	{ "enforcing", "=0|1", "SELinux's; 1 is refused where files have no labels",
	  AT(MAYBE, enforcing) },
	{ "selinux", "=0|1", "with 0, enforcing= means nothing", AT(MAYBE, selinux) },
	{ "init", "=/PATH", "what the root runs first; systemd, or /sbin/init",
	  AT(PATH, settings.init) },
	{ "rootfs_disk", "=DEV[,DEV…]", "put the upper on these local disks",
	  AT(DEVICES, settings.disks) },
	{ "rootovl.upper", "=tmpfs|LABEL=…|UUID=…|/dev/…", "where the upper is; tmpfs",
	  .set = set_upper },
	{ "rootovl.format", "=blank|force|never", "may a disk be formatted; blank",
	  WORD_AT(settings.format, format_words) },
	{ "rootovl.fs", "=ext4|xfs", "what a disk is formatted with; ext4",
	  WORD_AT(settings.disk_fs, fs_words) },
	{ "rootovl.persist", "=NAME[,new]", "keep the upper under this name", .set = set_persist },
	{ "rootovl.cache", "=yes|no|force", "keep a copy of the lower on the upper's disk",
	  WORD_AT(settings.cache, cache_words) },
	{ "rootovl.digest", "=sha256:HEX", "what an image fetched over HTTP must hash to",
	  .set = set_digest },
	{ "rootovl.verity", "=HASH", "the root hash by which dm-verity checks an image",
	  .set = set_verity },
	{ "rootovl.verity.signature", "=/PATH", "a file with the root hash's signature",
	  AT(PATH, settings.signature) },
	{ "local", "[=yes|no]", "as rootovl, with rootovl.cache=yes: Compass-CI's os_mount=local",
	  .set = set_local },
	{ "os_lv_size", "=SIZE", "with local: rootovl.size=", AT(MAYBE, local.lv_size) },
	{ "os_partition", "=/dev/mapper/os-NAME", "with local: rootovl.persist=NAME",
	  AT(MAYBE, local.partition) },
	{ "save_root_partition", "=/dev/mapper/os-NAME", "with local: rootovl.persist=NAME,new",
	  AT(MAYBE, local.save) },
	{ "use_root_partition", "=/dev/mapper/os-NAME",
	  "with local: only with the same save_root_partition=", AT(MAYBE, local.use) },
};

const struct parameter *params_nth(size_t i)
{
	return i < ARRAY_SIZE(parameters) ? &parameters[i] : NULL;
}

const struct parameter *params_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++)
		if (cmdline_name_is(name, parameters[i].name))
			return &parameters[i];
	return NULL;
}

int params_set(const struct parameter *parameter, struct reading *reading, const char *value)
{
	void *field = (char *)reading + parameter->field;

	switch (parameter->kind) {
	case PARAM_TEXT:
		*(const char **)field = value;
		return value && *value ? 0 : -EINVAL;
	case PARAM_MAYBE:
		*(const char **)field = value && *value ? value : NULL;
		return 0;
	case PARAM_SWITCH:
		return value_switch(value, field);
	case PARAM_WORD:
		return value_word(value, parameter->words, field);
	case PARAM_SECONDS:
		return value_seconds(value, field);
	case PARAM_SIZE:
		return value_size(value, field);
	case PARAM_COUNT:
		return value_count(value, field);
	case PARAM_PATH:
		return value_path(value, field);
	case PARAM_DEVICE:
		return value_device(value, field);
	case PARAM_DEVICES:
		return value_devices(value, field);
	case PARAM_LIST:
		return value_list(value, field);
	default:
		return parameter->set(reading, value);
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of kernel parameters: one row each, with its meaning and what reads it. */
#include "src/rootovl/settings/params.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/root_parts.h"
#include "src/rootovl/settings/values.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

static int set_enabled(struct reading *reading, const char *value)
{
	return value_switch(value, &reading->settings->enabled);
}

static int set_root(struct reading *reading, const char *value)
{
	reading->root = value;
	return value && *value ? 0 : -EINVAL;
}

static int set_nfsroot(struct reading *reading, const char *value)
{
	reading->nfsroot = value;
	return value && *value ? 0 : -EINVAL;
}

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

static int set_size(struct reading *reading, const char *value)
{
	return value_size(value, &reading->settings->size);
}

static int set_inodes(struct reading *reading, const char *value)
{
	return value_count(value, &reading->settings->inodes);
}

static int add_copy(struct reading *reading, const char *value)
{
	if (!value || value[0] != '/')
		return -EINVAL;
	strv_add(&reading->settings->copy, xstrdup(value));
	return 0;
}

static int set_enable(struct reading *reading, const char *value)
{
	char **units = value ? strv_split(value, ",") : NULL;

	if (!units)
		return -EINVAL;
	strv_free(reading->settings->enable);
	reading->settings->enable = units;
	return 0;
}

static const char *const fstab_words[] = { [FSTAB_SAFE] = "safe", [FSTAB_KEEP] = "keep", NULL };
static const char *const onfail_words[] = {
	[ONFAIL_SHELL] = "shell",
	[ONFAIL_REBOOT] = "reboot",
	[ONFAIL_POWEROFF] = "poweroff",
	NULL,
};

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

static int set_fstab(struct reading *reading, const char *value)
{
	int which, r = value_word(value, fstab_words, &which);

	if (r == 0)
		reading->settings->fstab = (enum fstab_mode)which;
	return r;
}

static int set_onfail(struct reading *reading, const char *value)
{
	int which, r = value_word(value, onfail_words, &which);

	if (r == 0)
		reading->settings->onfail = (enum onfail)which;
	return r;
}

static int set_timeout(struct reading *reading, const char *value)
{
	uint64_t seconds;
	int r = value_number(value, 24 * 3600, &seconds);

	if (r == 0)
		reading->settings->timeout = (unsigned)seconds;
	return r;
}

static int set_credentials(struct reading *reading, const char *value)
{
	return value_path(value, &reading->settings->credentials);
}

static int set_personality(struct reading *reading, const char *value)
{
	return value_device(value, &reading->settings->personality);
}

static int set_job(struct reading *reading, const char *value)
{
	return value_path(value, &reading->settings->job);
}

static int set_init(struct reading *reading, const char *value)
{
	return value_path(value, &reading->settings->init);
}

/* It becomes a part of paths. */
static int set_user(struct reading *reading, const char *value)
{
	if (!value || !*value || strchr(value, '/') || value[0] == '.')
		return -EINVAL;
	free(reading->settings->user);
	reading->settings->user = xstrdup(value);
	return 0;
}

/* A list that is split at commas, so that a label with one in it cannot be named. */
static int set_disks(struct reading *reading, const char *value)
{
	char **disks = value ? strv_split(value, ",") : NULL;

	strv_free(reading->settings->disks);
	reading->settings->disks = disks;
	for (char **disk = disks; disk && *disk; disk++)
		if (!root_parts_is_device(*disk))
			return -EINVAL;
	return disks ? 0 : -EINVAL;
}

static int set_format(struct reading *reading, const char *value)
{
	int which, r = value_word(value, format_words, &which);

	if (r == 0)
		reading->settings->format = (enum disks_format)which;
	return r;
}

static int set_disk_fs(struct reading *reading, const char *value)
{
	int which, r = value_word(value, fs_words, &which);

	if (r == 0)
		reading->settings->disk_fs = (enum disks_fs)which;
	return r;
}

static int set_upper(struct reading *reading, const char *value)
{
	if (!value || strcmp(value, "tmpfs") != 0)
		return value_device(value, &reading->settings->upper);
	free(reading->settings->upper);
	reading->settings->upper = NULL;
	return 0;
}

/* NAME[,new]; the name becomes a directory's. */
static int set_persist(struct reading *reading, const char *value)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t len = value ? strspn(value, letters) : 0;

	if (len == 0 || len > 64 || value[0] == '.' ||
	    (value[len] && strcmp(value + len, ",new") != 0))
		return -EINVAL;
	free(reading->settings->persist);
	reading->settings->persist = xstrndup(value, len);
	reading->settings->persist_anew = value[len] != '\0';
	return 0;
}

static int set_cache(struct reading *reading, const char *value)
{
	int which, r = value_word(value, cache_words, &which);

	if (r == 0)
		reading->settings->cache = (enum cache_mode)which;
	return r;
}

static int set_digest(struct reading *reading, const char *value)
{
	static const char kind[] = "sha256:";
	size_t n = strlen(kind);

	if (!value || strncmp(value, kind, n) != 0 || strlen(value + n) != 64 ||
	    strspn(value + n, "0123456789abcdefABCDEF") != 64)
		return -EINVAL;
	free(reading->settings->digest);
	reading->settings->digest = xstrdup(value + n);
	for (char *c = reading->settings->digest; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return 0;
}

static const struct parameter parameters[] = {
	{ { "rootovl", "[=yes|no]", "switches the helper on" }, set_enabled },
	{ { "root", "=SOURCE", "where the lower comes from" }, set_root },
	{ { "nfsroot", "=[HOST:]/PATH[,OPTIONS]", "the lower of root=/dev/nfs" }, set_nfsroot },
	{ { "rootflags", "=OPTION[,OPTION…]", "further mount options of the lower" },
	  set_rootflags },
	{ { "rootovl.lower", "=mounted", "the lower is what the image mounts by itself" },
	  set_lower },
	{ { "rootovl.size", "=BYTES[K|M|G|T] or PERCENT%",
	    "size of the upper; 50% of memory, 20G of disks" },
	  set_size },
	{ { "rootovl.inodes", "=NUMBER[k|m]", "inodes of the upper; as many as the kernel gives" },
	  set_inodes },
	{ { "rootovl.copy", "=SRC[:DEST]", "one more tree of the payload; may be repeated" },
	  add_copy },
	{ { "rootovl.enable", "=UNIT[,UNIT…]",
	    "units to enable; lkp-bootstrap.service where it is" },
	  set_enable },
	{ { "rootovl.fstab", "=safe|keep", "make the root's fstab safe, or leave it" }, set_fstab },
	{ { "rootovl.timeout", "=SECONDS", "how long what can heal is retried; 90" }, set_timeout },
	{ { "rootovl.onfail", "=shell|reboot|poweroff", "what a failed boot does; shell" },
	  set_onfail },
	{ { "rootovl.credentials", "=/PATH", "a file with username=, password=, domain=" },
	  set_credentials },
	{ { "rootovl.personality", "=LABEL=…|UUID=…|/dev/…",
	    "a medium with hostname, ip, password" },
	  set_personality },
	{ { "user", "=NAME", "LKP's user: chooses /lkp/NAME/src" }, set_user },
	{ { "job", "=/PATH", "LKP's job file" }, set_job },
	{ { "init", "=/PATH", "what the root runs first; systemd, or /sbin/init" }, set_init },
	{ { "rootfs_disk", "=DEV[,DEV…]", "put the upper on these local disks" }, set_disks },
	{ { "rootovl.upper", "=tmpfs|LABEL=…|UUID=…|/dev/…", "where the upper is; tmpfs" },
	  set_upper },
	{ { "rootovl.format", "=blank|force|never", "may a disk be formatted; blank" },
	  set_format },
	{ { "rootovl.fs", "=ext4|xfs", "what a disk is formatted with; ext4" }, set_disk_fs },
	{ { "rootovl.persist", "=NAME[,new]", "keep the upper under this name" }, set_persist },
	{ { "rootovl.cache", "=yes|no|force", "keep a copy of the lower on the upper's disk" },
	  set_cache },
	{ { "rootovl.digest", "=sha256:HEX", "what an image fetched over HTTP must hash to" },
	  set_digest },
};

const struct parameter_row *params_row(size_t i)
{
	return i < ARRAY_SIZE(parameters) ? &parameters[i].row : NULL;
}

const struct parameter *params_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++)
		if (cmdline_name_is(name, parameters[i].row.name))
			return &parameters[i];
	return NULL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of kernel parameters: one row each, with its meaning and what reads it. */
#include "settings.h"

#include "common/mem.h"
#include "network_words.h"
#include "values.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* What a whole command line amounts to before the root is put together from three parameters. */
struct reading {
	struct settings *settings;
	const char *root, *nfsroot, *rootflags;
	bool mounted; /* the image mounts what root= names, if there is one */
};

/* Gives 0, or -errno for a value that is none of its parameter's. */
typedef int (*parameter_set)(struct reading *reading, const char *value);

static int set_enabled(struct reading *reading, const char *value)
{
	return parse_switch(value, &reading->settings->enabled);
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
	return parse_size(value, &reading->settings->size);
}

static int set_inodes(struct reading *reading, const char *value)
{
	return parse_count(value, &reading->settings->inodes);
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
static const char *const fs_words[] = { [DISKS_EXT4] = "ext4", [DISKS_XFS] = "xfs", NULL };

static int set_fstab(struct reading *reading, const char *value)
{
	int which, r = parse_word(value, fstab_words, &which);

	if (r == 0)
		reading->settings->fstab = (enum fstab_mode)which;
	return r;
}

static int set_onfail(struct reading *reading, const char *value)
{
	int which, r = parse_word(value, onfail_words, &which);

	if (r == 0)
		reading->settings->onfail = (enum onfail)which;
	return r;
}

static int set_timeout(struct reading *reading, const char *value)
{
	uint64_t seconds;
	int r = parse_number(value, 24 * 3600, &seconds);

	if (r == 0)
		reading->settings->timeout = (unsigned)seconds;
	return r;
}

static int set_credentials(struct reading *reading, const char *value)
{
	return parse_path(value, &reading->settings->credentials);
}

static int set_personality(struct reading *reading, const char *value)
{
	return parse_device(value, &reading->settings->personality);
}

static int set_job(struct reading *reading, const char *value)
{
	return parse_path(value, &reading->settings->job);
}

static int set_init(struct reading *reading, const char *value)
{
	return parse_path(value, &reading->settings->init);
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
		if (!root_source_is_device(*disk))
			return -EINVAL;
	return disks ? 0 : -EINVAL;
}

static int set_format(struct reading *reading, const char *value)
{
	int which, r = parse_word(value, format_words, &which);

	if (r == 0)
		reading->settings->format = (enum disks_format)which;
	return r;
}

static int set_disk_fs(struct reading *reading, const char *value)
{
	int which, r = parse_word(value, fs_words, &which);

	if (r == 0)
		reading->settings->disk_fs = (enum disks_fs)which;
	return r;
}

static int set_upper(struct reading *reading, const char *value)
{
	if (!value || strcmp(value, "tmpfs") != 0)
		return parse_device(value, &reading->settings->upper);
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

static int refuse_later(struct reading *reading, const char *value)
{
	(void)reading;
	(void)value;
	return -EOPNOTSUPP;
}

static const struct parameter {
	struct parameter_row row;
	parameter_set set;
} parameters[] = {
	{ { "rootovl", "[=yes|no]", "switches the helper on", false }, set_enabled },
	{ { "root", "=SOURCE", "where the lower comes from", false }, set_root },
	{ { "nfsroot", "=[HOST:]/PATH[,OPTIONS]", "the lower of root=/dev/nfs", false },
	  set_nfsroot },
	{ { "rootflags", "=OPTION[,OPTION…]", "further mount options of the lower", false },
	  set_rootflags },
	{ { "rootovl.lower", "=mounted", "the lower is what the image mounts by itself", false },
	  set_lower },
	{ { "rootovl.size", "=BYTES[K|M|G|T] or PERCENT%",
	    "size of the upper; 50% of memory, 20G of disks", false },
	  set_size },
	{ { "rootovl.inodes", "=NUMBER[k|m]", "inodes of the upper; as many as the kernel gives",
	    false },
	  set_inodes },
	{ { "rootovl.copy", "=SRC[:DEST]", "one more tree of the payload; may be repeated", false },
	  add_copy },
	{ { "rootovl.enable", "=UNIT[,UNIT…]", "units to enable; lkp-bootstrap.service where it is",
	    false },
	  set_enable },
	{ { "rootovl.fstab", "=safe|keep", "make the root's fstab safe, or leave it", false },
	  set_fstab },
	{ { "rootovl.timeout", "=SECONDS", "how long what can heal is retried; 90", false },
	  set_timeout },
	{ { "rootovl.onfail", "=shell|reboot|poweroff", "what a failed boot does; shell", false },
	  set_onfail },
	{ { "rootovl.credentials", "=/PATH", "a file with username=, password=, domain=", false },
	  set_credentials },
	{ { "rootovl.personality", "=LABEL=…|UUID=…|/dev/…", "a medium with hostname, ip, password",
	    false },
	  set_personality },
	{ { "user", "=NAME", "LKP's user: chooses /lkp/NAME/src", false }, set_user },
	{ { "job", "=/PATH", "LKP's job file", false }, set_job },
	{ { "init", "=/PATH", "what the root runs first; /sbin/init", false }, set_init },
	{ { "rootfs_disk", "=DEV[,DEV…]", "put the upper on these local disks", false },
	  set_disks },
	{ { "rootovl.upper", "=tmpfs|LABEL=…|UUID=…|/dev/…", "where the upper is; tmpfs", false },
	  set_upper },
	{ { "rootovl.format", "=blank|force|never", "may a disk be formatted; blank", false },
	  set_format },
	{ { "rootovl.fs", "=ext4|xfs", "what a disk is formatted with; ext4", false },
	  set_disk_fs },
	{ { "rootovl.persist", "=NAME[,new]", "keep the upper under this name", false },
	  set_persist },
	{ { "rootovl.cache", "=yes|no|force", "keep a copy of the lower on rootfs_disk", true },
	  refuse_later },
	{ { "rootovl.digest", "=sha256:HEX", "what an image fetched over HTTP must hash to",
	    false },
	  set_digest },
};

const struct parameter_row *settings_parameter(size_t i)
{
	return i < ARRAY_SIZE(parameters) ? &parameters[i].row : NULL;
}

static const struct parameter *find_parameter(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++)
		if (cmdline_name_is(name, parameters[i].row.name))
			return &parameters[i];
	return NULL;
}

static int read_word(struct reading *reading, const struct cmdline_word *word, struct failure *f)
{
	const struct parameter *p = find_parameter(word->name);
	auto_free char *shown = root_source_masked(word->value ? word->value : "");
	auto_free char *hint = NULL;
	int r;

	if (!p && !cmdline_name_begins(word->name, "rootovl"))
		return 0;
	if (!p)
		return fail(f, EINVAL, "rootovl.cmdline(7) lists them all",
			    "unknown parameter \"%s\"", word->name);
	if (word->unclosed)
		return fail(f, EINVAL, "close it, or take it away",
			    "%s: a double quote is not closed", p->row.name);
	r = p->set(reading, word->value);
	if (r == 0)
		return 0;
	if (r == -EOPNOTSUPP)
		return fail(f, EOPNOTSUPP, "leave it out, or use a version that has it",
			    "%s=: comes with a later version of rootovl", p->row.name);
	hint = xasprintf("%s%s", p->row.name, p->row.form);
	return fail(f, -r, hint, "bad value of %s: \"%s\"", p->row.name, shown);
}

/* root= is put together when all words are known: rootflags= may stand in front of it. */
static int finish_root(struct reading *reading, struct failure *f)
{
	struct settings *settings = reading->settings;
	int r = 0;

	if (reading->mounted)
		root_source_mounted(&settings->root, reading->root);
	else if (!reading->root)
		return fail(f, EINVAL, "say where the lower is: root=cifs://… or root=nfs:…",
			    "rootovl is on, but there is no root= parameter");
	else
		r = root_source_parse(&settings->root, reading->root, reading->nfsroot, f);
	if (r == 0 && reading->rootflags && !reading->mounted)
		r = root_source_add_options(&settings->root, reading->rootflags, f);
	if (r < 0)
		return r;
	if (settings->digest && settings->root.kind != ROOT_LIVE)
		return fail(
			f, EINVAL, "leave it out",
			"rootovl.digest=: only an image that is fetched, by root=live:…, has one");
	if (settings->credentials) {
		free(settings->root.credentials);
		settings->root.credentials = xstrdup(settings->credentials);
	}
	return root_source_check(&settings->root, f);
}

/* What only makes sense with another, or without it. */
static int check_upper(const struct settings *settings, struct failure *f)
{
	bool sized = settings->size.bytes || settings->size.percent || settings->inodes;

	if (settings->disks && settings->upper)
		return fail(f, EINVAL, "leave one of them out",
			    "rootfs_disk= and rootovl.upper=: there is one upper");
	if (!settings->disks && (settings->format || settings->disk_fs))
		return fail(f, EINVAL, "add rootfs_disk=DEVICE, or leave it out",
			    "%s=: only the disks of rootfs_disk= are formatted",
			    settings->format ? "rootovl.format" : "rootovl.fs");
	if (settings->disks && settings->inodes)
		return fail(f, EINVAL, "leave it out",
			    "rootovl.inodes= is of the tmpfs; a disk's file system has its own");
	if (settings->persist && !settings->upper && !settings->disks)
		return fail(f, EINVAL, "add rootfs_disk= or rootovl.upper=DEVICE, or leave it out",
			    "rootovl.persist=: memory keeps nothing");
	if (settings->upper && sized)
		return fail(
			f, EINVAL, "leave it out",
			"rootovl.size= and rootovl.inodes= are of the tmpfs; the file system of "
			"rootovl.upper= is as large as it is");
	return 0;
}

/* The network is networkd's, but what it cannot read would leave the machine waiting for it. */
static int check_network(const struct cmdline *cmdline, struct failure *f)
{
	struct network_words words;
	int r = network_words_read(&words, cmdline, f);

	network_words_done(&words);
	return r;
}

int settings_read(struct settings *settings, const struct cmdline *cmdline, struct failure *f)
{
	struct reading reading = { .settings = settings };
	int r = 0;

	*settings = (struct settings){ .timeout = 90 };
	for (size_t i = 0; i < cmdline->n; i++) {
		if (!cmdline_name_is(cmdline->words[i].name, "rootovl"))
			continue;
		r = read_word(&reading, &cmdline->words[i], f);
		if (r < 0)
			return r;
	}
	if (!settings->enabled)
		return 0;
	for (size_t i = 0; r == 0 && i < cmdline->n; i++)
		r = read_word(&reading, &cmdline->words[i], f);
	if (r == 0)
		r = check_network(cmdline, f);
	if (r == 0)
		r = check_upper(settings, f);
	return r == 0 ? finish_root(&reading, f) : r;
}

enum onfail settings_onfail(const struct cmdline *cmdline)
{
	struct settings settings = { .onfail = ONFAIL_SHELL };
	struct reading reading = { .settings = &settings };

	for (size_t i = 0; i < cmdline->n; i++)
		if (cmdline_name_is(cmdline->words[i].name, "rootovl.onfail"))
			set_onfail(&reading, cmdline->words[i].value);
	return settings.onfail;
}

void settings_done(struct settings *settings)
{
	root_source_done(&settings->root);
	strv_free(settings->copy);
	strv_free(settings->enable);
	free(settings->credentials);
	free(settings->personality);
	strv_free(settings->disks);
	free(settings->digest);
	free(settings->upper);
	free(settings->persist);
	free(settings->user);
	free(settings->job);
	free(settings->init);
	*settings = (struct settings){ 0 };
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* From the words of a command line to settings: each by the table, and what only all of them show.
 */
#include "src/rootovl/settings/settings.h"

#include "src/common/mem.h"
#include "src/common/near.h"
#include "src/rootovl/settings/local_words.h"
#include "src/rootovl/settings/network_words.h"
#include "src/rootovl/settings/params.h"
#include "src/rootovl/settings/root_forms.h"
#include "src/rootovl/settings/root_mask.h"
#include "src/rootovl/settings/root_network.h"
#include "src/rootovl/settings/root_options.h"
#include "src/rootovl/settings/way.h"

#include <errno.h>
#include <string.h>

#define DEFAULT_TIMEOUT 90 /* seconds */

static int unknown_word(const char *name, struct failure *f)
{
	struct near_word near = { .word = name };
	auto_free char *hint = NULL;
	const struct parameter *row;

	for (size_t i = 0; (row = params_nth(i)); i++)
		near_try(&near, row->name);
	if (near.best)
		hint = xasprintf("did you mean %s? rootovl.cmdline(7) lists them all", near.best);
	return fail(f, EINVAL, hint ? hint : "rootovl.cmdline(7) lists them all",
		    "unknown parameter \"%s\"", name);
}

static int read_word(struct reading *reading, const struct cmdline_word *word, struct failure *f)
{
	const struct parameter *p = params_find(word->name);
	auto_free char *shown = root_mask(word->value ? word->value : "");
	auto_free char *hint = NULL;
	int r;

	if (!p && !cmdline_name_begins(word->name, "rootovl"))
		return 0;
	if (!p)
		return unknown_word(word->name, f);
	if (word->unclosed)
		return fail(f, EINVAL, "close it, or take it away",
			    "%s: a double quote is not closed", p->name);
	r = params_set(p, reading, word->value);
	if (r == 0)
		return 0;
	hint = xasprintf("%s%s", p->name, p->form);
	return fail(f, -r, hint, "bad value of %s: \"%s\"", p->name, shown);
}

/* The kernel names virtiofs and 9p by rootfstype=, and their tag alone by root=. */
static int parse_root(struct reading *reading, struct failure *f)
{
	struct root_source *root = &reading->settings.root;
	bool tag = reading->rootfstype && IS_ONE_OF(reading->rootfstype, "virtiofs", "9p") &&
		   !root_forms_is_ours(reading->root);
	auto_free char *text = tag ? xasprintf("%s:%s", reading->rootfstype, reading->root) : NULL;

	return root_source_parse(root, text ? text : reading->root, reading->nfsroot,
				 reading->cifsroot, f);
}

int settings_check_verity(const struct settings *settings, struct failure *f)
{
	const struct root_source *root = &settings->root;
	bool image = root->kind == ROOT_DEVICE || root->kind == ROOT_NBD ||
		     root->kind == ROOT_LIVE || root->kind == ROOT_DHCP ||
		     root_source_is_image(root);

	if (settings->signature && !settings->verity)
		return fail(f, EINVAL, "add rootovl.verity=HASH, or leave it out",
			    "rootovl.verity.signature=: no root hash that it would be of");
	if (settings->verity && !image)
		return fail(f, EINVAL,
			    "name an image that `initrd-builder image --verity` made, or leave it "
			    "out",
			    "rootovl.verity=: only an image has a hash tree, and not a folder");
	if (settings->verity && settings->cache != CACHE_NO)
		return fail(f, EINVAL, "leave one of them out",
			    "rootovl.verity= and rootovl.cache=: nothing checks the copy");
	return 0;
}

static bool is_zero(const char *value)
{
	return value && strcmp(value, "0") == 0;
}

/* The files of a server, and the upper, have none of SELinux's labels; an image can have them. */
static int check_enforcing(const struct reading *reading, struct failure *f)
{
	const struct root_source *root = &reading->settings.root;
	bool files = root->kind == ROOT_CIFS || root->kind == ROOT_NFS || root->kind == ROOT_9P ||
		     root->kind == ROOT_VIRTIOFS;

	if (!reading->enforcing || strcmp(reading->enforcing, "1") != 0 || !files ||
	    root_source_is_image(root) || is_zero(reading->selinux))
		return 0;
	return fail(f, EOPNOTSUPP, "enforcing=0 or selinux=0",
		    "enforcing=1: the files of this root have no labels of SELinux");
}

/* root= is put together when all words are known: rootflags= may stand in front of it. */
static int finish_root(struct reading *reading, struct failure *f)
{
	struct settings *settings = &reading->settings;
	int r = 0;

	if (reading->mounted)
		r = root_source_mounted(&settings->root, reading->root, f);
	else if (!reading->root)
		return fail(f, EINVAL, "say where the lower is: root=cifs://… or root=nfs:…",
			    "rootovl is on, but there is no root= parameter");
	else
		r = parse_root(reading, f);
	if (r == 0 && reading->rootflags && !reading->mounted)
		r = root_options_add(&settings->root, reading->rootflags, f);
	if (r == 0 && !reading->mounted)
		r = root_options_add_user(&settings->root, reading->cifsuser, reading->cifspass, f);
	if (r < 0)
		return r;
	/* Compass-CI's boots a root that is on a disk already from there. No tree is over a copy.
	 */
	if (reading->local.on && (!root_source_is_remote(&settings->root) || settings->verity))
		settings->cache = CACHE_NO;
	r = settings_check_verity(settings, f);
	if (r < 0)
		return r;
	if (settings->digest && settings->root.kind != ROOT_LIVE)
		return fail(
			f, EINVAL, "leave it out",
			"rootovl.digest=: only an image that is fetched, by root=live:…, has one");
	if (settings->cache != CACHE_NO && !root_source_is_remote(&settings->root))
		return fail(f, EINVAL, "leave it out",
			    "rootovl.cache=: only a root that comes from a server is copied");
	if (settings->credentials)
		set_text(&settings->root.credentials, xstrdup(settings->credentials));
	settings->permissive = is_zero(reading->selinux) || is_zero(reading->enforcing);
	r = check_enforcing(reading, f);
	return r < 0 ? r : root_source_check(&settings->root, f);
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
	if (settings->cache != CACHE_NO && !settings->upper && !settings->disks)
		return fail(f, EINVAL, "add rootfs_disk= or rootovl.upper=DEVICE, or leave it out",
			    "rootovl.cache=: memory keeps nothing");
	if (settings->upper && sized)
		return fail(
			f, EINVAL, "leave it out",
			"rootovl.size= and rootovl.inodes= are of the tmpfs; the file system of "
			"rootovl.upper= is as large as it is");
	return 0;
}

/* The network is networkd's, but what it cannot read would leave the machine waiting for it. */
static int finish(struct reading *reading, const struct cmdline *cmdline, struct failure *f)
{
	struct network_words words;
	int r = network_words_read(&words, cmdline, f);

	if (r == 0)
		r = local_words_settle(reading, f);
	if (r == 0)
		r = check_upper(&reading->settings, f);
	if (r == 0)
		r = finish_root(reading, f);
	if (r == 0)
		r = root_network_settle(&reading->settings.root, &words, f);
	reading->settings.line_name = STEAL(words.hostname);
	reading->settings.elsewhere = STEAL(words.elsewhere);
	network_words_done(&words);
	return r;
}

/* Everything is read only if `rootovl` is on: else root= may have forms that are not ours. */
static int read_words(struct reading *reading, const struct cmdline *cmdline, struct failure *f)
{
	bool said = false;
	int r = 0;

	for (size_t i = 0; r == 0 && i < cmdline->n; i++) {
		bool ours = cmdline_name_is(cmdline->words[i].name, "rootovl");

		if (ours || cmdline_name_is(cmdline->words[i].name, "local"))
			r = read_word(reading, &cmdline->words[i], f);
		said |= ours;
	}
	if (!said)
		reading->settings.enabled = reading->local.on;
	if (r < 0 || !reading->settings.enabled)
		return r;
	reading->settings.cache = reading->local.on ? CACHE_YES : CACHE_NO;
	for (size_t i = 0; r == 0 && i < cmdline->n; i++)
		r = read_word(reading, &cmdline->words[i], f);
	return r == 0 ? finish(reading, cmdline, f) : r;
}

int settings_read(struct settings *settings, const struct cmdline *cmdline, struct failure *f)
{
	struct reading reading = { .settings.timeout = DEFAULT_TIMEOUT };
	int r = read_words(&reading, cmdline, f);

	*settings = reading.settings;
	if (r == 0 && settings->enabled)
		settings->long_because = way_needs_long(settings, cmdline);
	return r;
}

/* Reads only the words of one parameter. Values that it cannot have do not count. */
static void read_only(struct reading *reading, const struct cmdline *cmdline, const char *name)
{
	for (size_t i = 0; i < cmdline->n; i++)
		if (cmdline_name_is(cmdline->words[i].name, name))
			params_set(params_find(name), reading, cmdline->words[i].value);
}

enum onfail settings_onfail(const struct cmdline *cmdline)
{
	struct reading reading = { .settings.onfail = ONFAIL_SHELL };

	read_only(&reading, cmdline, "rootovl.onfail");
	return reading.settings.onfail;
}

char *settings_report(const struct cmdline *cmdline)
{
	struct reading reading = { 0 };

	read_only(&reading, cmdline, "rootovl.report");
	return reading.settings.report;
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
	free(settings->verity);
	free(settings->signature);
	free(settings->upper);
	free(settings->persist);
	free(settings->hostname);
	free(settings->report);
	free(settings->line_name);
	strv_free(settings->elsewhere);
	free(settings->long_because);
	free(settings->user);
	free(settings->job);
	free(settings->init);
	*settings = (struct settings){ 0 };
}

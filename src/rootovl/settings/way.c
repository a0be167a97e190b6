// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/way.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/values.h"

#include <errno.h>
#include <string.h>

/* dracut's and systemd's words of the initramfs which change nothing that the short way does. */
static const char *const harmless[] = {
	"rd.neednet",	     "rd.peerdns",	     "rd.route",
	"rd.bootif",	     "rd.net.timeout.dhcp",  "rd.systemd.show_status",
	"rd.udev.log_level", "rd.udev.log-priority", "rd.retry",
};

/* Interfaces that software makes, and file systems that another part of the image would mount. */
static const char *const others[] = { "bond", "vlan", "bridge", "team", "mount.usr", "netroot" };

static bool is_harmless(const struct cmdline_word *word)
{
	if (cmdline_name_is(word->name, "rd.shell"))
		return !value_is_off(word->value);
	for (size_t i = 0; i < ARRAY_SIZE(harmless); i++)
		if (cmdline_name_is(word->name, harmless[i]))
			return true;
	return false;
}

static bool needs_long(const struct cmdline_word *word)
{
	if (cmdline_name_begins(word->name, "rd."))
		return !is_harmless(word);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (cmdline_name_is(word->name, others[i]))
			return true;
	return false;
}

/* A name that udev makes; the first one, or NULL. */
static const char *link_of_udev(const struct settings *settings)
{
	const char *devices[] = { settings->upper, settings->personality,
				  settings->root.kind == ROOT_DEVICE ? settings->root.path : NULL };

	for (size_t i = 0; i < ARRAY_SIZE(devices); i++)
		if (devices[i] && !strncmp(devices[i], "/dev/disk/", 10))
			return devices[i];
	for (char **disk = settings->disks; disk && *disk; disk++)
		if (!strncmp(*disk, "/dev/disk/", 10))
			return *disk;
	return NULL;
}

char *way_needs_long(const struct settings *settings, const struct cmdline *cmdline)
{
	if (settings->way == WAY_LONG)
		return xstrdup("rootovl.way=long");
	if (settings->root.kind == ROOT_MOUNTED)
		return xstrdup("rootovl.lower=mounted");
	if (link_of_udev(settings))
		return xstrdup(link_of_udev(settings));
	if (settings->elsewhere)
		return xasprintf("%s=%s", settings->elsewhere[0], settings->elsewhere[1]);
	for (size_t i = 0; i < cmdline->n; i++)
		if (needs_long(&cmdline->words[i]))
			return xasprintf("%s=", cmdline->words[i].name);
	return NULL;
}

int way_check_without_systemd(const struct settings *settings, struct failure *f)
{
	if (!settings->enabled)
		return fail(f, ENOEXEC, "put rootovl on the kernel line",
			    "rootovl is not switched on, and nothing else in this image makes a "
			    "root");
	if (settings->long_because)
		return fail(f, ENOEXEC,
			    "build the image without --way short, or leave the word out",
			    "%s needs systemd in the initramfs, and this image has none",
			    settings->long_because);
	return 0;
}

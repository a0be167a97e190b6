// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/network_names.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/configure/root_resolv.h"
#include "src/rootovl/configure/unit_file.h"
#include "src/rootovl/configure/unit_value.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/settings/host_name.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define HOSTNAME     "/etc/hostname"
#define RESOLV	     "/etc/resolv.conf"
#define FILE_MAX     65536
#define DROP_INS_MAX 64

/* The text of a file of the root, or NULL; the caller's. */
static char *text_of(struct newroot *nr, const char *path)
{
	char *text = NULL;
	size_t len;

	return newroot_read(nr, path, FILE_MAX, &text, &len) < 0 ? NULL : text;
}

int network_names_host(struct newroot *nr, const char *asked, const char *line, const char *lease,
		       struct report *report, struct failure *f)
{
	auto_free char *root = text_of(nr, HOSTNAME), *name = NULL, *text = NULL;
	const struct host_name_words words = {
		.root = root, .asked = asked, .line = line, .lease = lease
	};
	enum host_name_source source = host_name_choose(&words, &name);

	report_set(report, "names", "host", name ? name : "localhost");
	report_set(report, "names", "host_from", host_name_source(source));
	if (!name || source == HOST_NAME_ROOT)
		return 0;
	/* For an init that does not read the file. A machine in use keeps its name. */
	if (access("/etc/initrd-release", F_OK) == 0 && sethostname(name, strlen(name)) < 0)
		log_line(LOG_WARNING, "host name %s: %s", name, strerror(errno));
	text = xasprintf("%s\n", name);
	return newroot_write(nr, HOSTNAME, text, strlen(text), 0644, f);
}

static bool starts(struct newroot *nr, const char *unit)
{
	static const char *const targets[] = { "sysinit.target", "multi-user.target" };
	static const char *const dirs[] = { UNIT_DIR, "/usr/lib/systemd/system" };
	auto_unit struct unit found = { .name = NULL };

	if (unit_load(nr, unit, &found) < 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(dirs) * ARRAY_SIZE(targets); i++) {
		auto_free char *link = xasprintf("%s/%s.wants/%s", dirs[i / ARRAY_SIZE(targets)],
						 targets[i % ARRAY_SIZE(targets)], unit);
		struct stat st;

		if (newroot_stat(nr, link, false, &st) == 0)
			return true;
	}
	return false;
}

/* Has a file of systemd's, or a drop-in of the root for it, a value of its own? */
static bool says(struct newroot *nr, const char *file, const char *section, const char *key)
{
	auto_free char *dir = xasprintf("%s.d", file), *text = text_of(nr, file);
	auto_free char *value = text ? unit_value(text, section, key) : NULL;
	auto_strv char **names = NULL;

	if (!value && newroot_names(nr, dir, DROP_INS_MAX, &names) < 0)
		return false;
	for (char **name = names; name && *name && !value; name++) {
		auto_free char *path = xasprintf("%s/%s", dir, *name);
		auto_free char *more = text_of(nr, path);

		value = more ? unit_value(more, section, key) : NULL;
	}
	return value;
}

/* Servers of its own in the root's configuration come first there; these would join them. */
static int tell_resolved(const struct resolv_names *names, struct failure *f)
{
	auto_free char *servers = strv_join(names->servers, " ");
	auto_free char *search = strv_join(names->search, " ");
	auto_free char *text =
		xasprintf(RESOLV_HEAD "[Resolve]\nDNS=%s\nDomains=%s\n", servers, search);

	return leave_text("/run/systemd/resolved.conf.d", "50-rootovl.conf", text, f);
}

static int write_conf(struct newroot *nr, const struct resolv_names *names, bool held,
		      struct failure *f)
{
	auto_free char *text = resolv_names_conf(names);
	int r = newroot_write(nr, RESOLV, text, strlen(text), 0644, f);

	if (r < 0 || !held)
		return r;
	return leave_text("/run/NetworkManager/conf.d", "00-rootovl-names.conf",
			  RESOLV_HEAD "[main]\nrc-manager=unmanaged\n", f);
}

/* If the root runs networkd, it passes on the servers of a lease. Otherwise no process does. */
static int tell_time_servers(struct newroot *nr, char *const *servers, struct failure *f)
{
	auto_free char *list = strv_join(servers, " ");
	auto_free char *chrony = strv_join(servers, " iburst\nserver ");
	auto_free char *timesyncd = xasprintf(RESOLV_HEAD "[Time]\nNTP=%s\n", list);
	auto_free char *sources = xasprintf(RESOLV_HEAD "server %s iburst\n", chrony);
	struct stat st;
	int r = 0;

	if (newroot_stat(nr, "/usr/lib/systemd/systemd-timesyncd", true, &st) == 0 &&
	    !says(nr, "/etc/systemd/timesyncd.conf", "Time", "NTP"))
		r = leave_text("/run/systemd/timesyncd.conf.d", "50-rootovl.conf", timesyncd, f);
	/* Where distributions have chrony look for what DHCP told. */
	if (r == 0 && newroot_stat(nr, "/usr/sbin/chronyd", true, &st) == 0)
		r = leave_text("/run/chrony-dhcp", "rootovl.sources", sources, f);
	return r;
}

/* What fills a file in /run when it sets up the network; the card of the root is kept from it. */
static bool has_manager(struct newroot *nr)
{
	static const char *const programs[] = { "/usr/sbin/NetworkManager",
						"/usr/sbin/resolvconf" };
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		if (newroot_stat(nr, programs[i], true, &st) == 0)
			return true;
	return false;
}

/* Which way leads to the root's programs? */
static enum root_resolv way_of(struct newroot *nr, bool held)
{
	auto_free char *target = NULL, *text = text_of(nr, RESOLV);
	enum root_resolv way;

	newroot_readlink(nr, RESOLV, &target);
	way = root_resolv_of(target, text, false);
	if (way != ROOT_RESOLV_OWN && starts(nr, "systemd-resolved.service"))
		way = root_resolv_of(target, text, true);
	if (way == ROOT_RESOLV_RESOLVED && says(nr, "/etc/systemd/resolved.conf", "Resolve", "DNS"))
		way = ROOT_RESOLV_OWN;
	if (way == ROOT_RESOLV_WRITE && !held && target && root_resolv_is_in_run(target) &&
	    has_manager(nr))
		way = ROOT_RESOLV_OWN;
	return way;
}

int network_names_servers(struct newroot *nr, const struct resolv_names *names, bool held,
			  struct report *report, struct failure *f)
{
	static const char *const done[] = {
		[ROOT_RESOLV_OWN] = "the root's own",
		[ROOT_RESOLV_RESOLVED] = "systemd-resolved got the servers",
		[ROOT_RESOLV_WRITE] = "written",
	};
	auto_free char *servers = strv_join(names->servers, " ");
	auto_free char *search = strv_join(names->search, " ");
	auto_free char *ntp = strv_join(names->ntp, " ");
	enum root_resolv way;
	int r = 0;

	report_set(report, "names", "servers", servers);
	report_set(report, "names", "search", search);
	report_set(report, "names", "time_servers", ntp);
	if (names->servers) {
		way = way_of(nr, held);
		report_set(report, "names", "resolv_conf", done[way]);
		if (way == ROOT_RESOLV_RESOLVED)
			r = tell_resolved(names, f);
		else if (way == ROOT_RESOLV_WRITE)
			r = write_conf(nr, names, held, f);
	}
	return r == 0 && names->ntp ? tell_time_servers(nr, names->ntp, f) : r;
}

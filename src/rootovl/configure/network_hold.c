// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/network_hold.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/configure/hold_text.h"
#include "src/rootovl/machine/address.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/settings/paths.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNIT_MAX  65536
#define NETWORKD  "/system.slice/systemd-networkd.service/cgroup.procs"
#define MAX_BELOW 16 /* interfaces below one another; more is a loop */
#define SCRIPT	  "held.sh"
#define HELD_ENV  RUN_DIR "/held.env"
#define MADE_BY	  "# made by rootovl: the root hangs on this interface\n"

/* What a kernel has no such file for it does not do. */
static void set_kernel(const char *path, const char *value)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, value, strlen(value)) < 0)
		log_line(LOG_WARNING, "%s: %s", path, strerror(errno));
}

/* Returns whether the address can expire. /proc/net/if_inet6 shows the flag 0x80 if it cannot. */
static bool expires(const struct in6_addr *address)
{
	auto_free char *text = NULL;
	auto_strv char **lines = NULL;
	char wanted[33];

	for (size_t i = 0; i < 16; i++)
		snprintf(wanted + i * 2, 3, "%02x", address->s6_addr[i]);
	if (file_read(AT_FDCWD, "/proc/net/if_inet6", UNIT_MAX, &text) < 0)
		return false;
	lines = strv_split(text, "\n");
	for (char **line = lines; line && *line; line++) {
		unsigned flags;

		if (!strncmp(*line, wanted, 32) &&
		    sscanf(*line + 32, " %*x %*x %*x %x", &flags) == 1)
			return !(flags & IFA_F_PERMANENT);
	}
	return false;
}

static int hold_ipv6(const char *name, const char *text, struct failure *f)
{
	auto_free char *dir = xasprintf("/proc/sys/net/ipv6/conf/%s", name);
	auto_free char *autoconf = xasprintf("%s/autoconf", dir);
	auto_free char *accept = xasprintf("%s/accept_ra", dir);
	struct in6_addr address;
	int r;

	if (inet_pton(AF_INET6, text, &address) != 1 || !expires(&address))
		return 0;
	r = address_make_permanent(name, &address);
	if (r < 0)
		return fail_errno(f, -r, NULL, "making the address %s last", text);
	/* Router advertisements keep the routes alive. The kernel must not add addresses itself. */
	set_kernel(autoconf, "0");
	set_kernel(accept, "1");
	return 0;
}

/* Puts the interface and those below it into the list. */
static void add_with_below(char ***names, const char *name)
{
	auto_free char *pattern = xasprintf("/sys/class/net/%s/lower_*", name);
	glob_t found;

	if (strv_has(*names, name) || strv_len(*names) >= MAX_BELOW)
		return;
	strv_add(names, xstrdup(name));
	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		add_with_below(names, strrchr(found.gl_pathv[i], '/') + strlen("/lower_"));
	globfree(&found);
}

/* What networkd configured it by here, without the unit's [Match]; the caller's, or NULL. */
static char *present_unit(const char *name)
{
	auto_free char *state_path = xasprintf("/run/systemd/netif/links/%u", if_nametoindex(name));
	auto_free char *state = NULL, *text = NULL, *body = xstrdup("");
	auto_strv char **lines = NULL;
	bool match = false;
	char *path;

	if (file_read(AT_FDCWD, state_path, UNIT_MAX, &state) < 0)
		return NULL;
	path = strstr(state, "NETWORK_FILE=");
	if (!path)
		return NULL;
	path += strlen("NETWORK_FILE=");
	path[strcspn(path, "\n")] = '\0';
	if (file_read(AT_FDCWD, path, UNIT_MAX, &text) < 0)
		return NULL;
	lines = strv_split(text, "\n");
	for (char **line = lines; line && *line; line++) {
		if (**line == '[')
			match = !strcmp(*line, "[Match]");
		if (!match && **line != '#')
			set_text(&body, xasprintf("%s%s\n", body, *line));
	}
	return STEAL(body);
}

/*
 * Before any unit that the root has: they are taken in the order of their names, and "--" comes
 * before what follows the number in theirs.
 */
static int hold_networkd(const struct card *card, struct failure *f)
{
	auto_free char *unit = present_unit(card->name);
	auto_free char *file = xasprintf("00--rootovl-%s.network", card->name);
	auto_free char *match = hold_text_match(card);
	auto_free char *text = xasprintf(MADE_BY "[Match]\n%s\n%s", match,
					 unit ? unit : "[Link]\nUnmanaged=yes\n");

	return leave_text("/run/systemd/network", file, text, f);
}

static int hold_network_manager(const struct card *card, struct failure *f)
{
	auto_free char *file = xasprintf("00-rootovl-%s.conf", card->name);
	auto_free char *device = hold_text_device(card);
	auto_free char *text = xasprintf(MADE_BY "[device-rootovl-%s]\n"
						 "match-device=%s\n"
						 "managed=0\n",
					 card->name, device);

	return leave_text("/run/NetworkManager/conf.d", file, text, f);
}

/* What the hardware has no address for is known by its name alone. */
static int hold_name(const struct card *card, struct failure *f)
{
	auto_free char *rule = hold_text_rule(card);
	auto_free char *file = xasprintf("00-rootovl-%s.rules", card->name);

	return rule ? leave_text("/run/udev/rules.d", file, rule, f) : 0;
}

/* The part of a unit's name, as systemd-escape(1) writes it. */
static char *escaped(const char *name)
{
	char *text = xstrdup("");

	for (const char *c = name; *c; c++) {
		bool plain =
			isalnum((unsigned char)*c) || strchr(":_", *c) || (*c == '.' && c != name);

		set_text(&text, xasprintf(plain ? "%s%c" : "%s\\x%02x", text, (unsigned char)*c));
	}
	return text;
}

/* systemd before 243 does not know the condition of hold_ifupdown(). */
static int hold_hotplug(const struct card *card, struct failure *f)
{
	auto_free char *instance = escaped(card->name);
	auto_free char *dir = xasprintf(LEAVE_UNITS "/ifup@%s.service.d", instance);

	return leave_text(dir, "rootovl.conf", MADE_BY "[Unit]\nConditionPathExists=!" RUN_DIR "\n",
			  f);
}

/*
 * ifup@.service is of the interfaces with allow-hotplug, networking.service of those with auto. The
 * names are looked up when these start, which is after udev has renamed what it wants to.
 */
static int hold_ifupdown(const struct card *cards, size_t n, struct failure *f)
{
	auto_free char *script = hold_text_script(cards, n, HELD_ENV);
	int r = leave_text(RUN_DIR, SCRIPT, script, f);

	if (r == 0)
		r = leave_text(LEAVE_UNITS "/networking.service.d", "rootovl.conf",
			       MADE_BY "[Service]\nEnvironmentFile=-" HELD_ENV "\n"
				       "ExecStartPre=-/bin/sh " RUN_DIR "/" SCRIPT " list\n",
			       f);
	if (r == 0)
		r = leave_text(LEAVE_UNITS "/ifup@.service.d", "rootovl.conf",
			       MADE_BY "[Service]\n"
				       "ExecCondition=/bin/sh " RUN_DIR "/" SCRIPT " free %I\n",
			       f);
	return r;
}

/*
 * Kills the networkd of the initramfs. Otherwise switch-root sends SIGTERM to every process, and
 * networkd may then remove its addresses. If another program set up the network, networkd does not
 * run. systemd counts the kill as a success, because of networkd.conf. `systemctl stop` would take
 * half a second longer.
 */
static void end_networkd(void)
{
	/* The short way's, or both names of the hierarchy, of cgroups(7): version 2, and version 1
	 * beside others. */
	static const char *const groups[] = { RUN_NETWORKD, "/sys/fs/cgroup" NETWORKD,
					      "/sys/fs/cgroup/systemd" NETWORKD };

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		auto_free char *text = NULL;
		auto_strv char **pids = NULL;

		if (file_read(AT_FDCWD, groups[i], UNIT_MAX, &text) < 0)
			continue;
		pids = strv_split(text, "\n");
		for (char **text_of = pids; text_of && *text_of; text_of++) {
			pid_t pid = (pid_t)strtol(*text_of, NULL, 10);

			if (pid > 1 && kill(pid, SIGKILL) < 0)
				log_line(LOG_WARNING, "systemd-networkd: %s", strerror(errno));
		}
	}
}

static int hold_card(const struct card *card, struct failure *f)
{
	int r = hold_networkd(card, f);

	if (r == 0)
		r = hold_network_manager(card, f);
	if (r == 0)
		r = hold_name(card, f);
	return r == 0 ? hold_hotplug(card, f) : r;
}

int network_hold(const char *name, const char *address, struct failure *f)
{
	auto_strv char **names = NULL;
	struct card cards[MAX_BELOW];
	size_t n = 0;
	int r;

	add_with_below(&names, name);
	for (char **one = names; *one; one++)
		if (card_read(*one, &cards[n]) == 0)
			n++;
	if (n == 0)
		return fail(f, ENODEV, "the network has changed: boot again",
			    "no interface is called %s any more", name);
	end_networkd();
	r = hold_ipv6(name, address, f);
	if (r == 0)
		r = hold_ifupdown(cards, n, f);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = hold_card(&cards[i], f);
	return r;
}

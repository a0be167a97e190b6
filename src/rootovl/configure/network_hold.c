// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/network_hold.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/machine/address.h"
#include "src/rootovl/machine/leave.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <ifaddrs.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <netdb.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNIT_MAX  65536
#define NETWORKD  "/system.slice/systemd-networkd.service/cgroup.procs"
#define MAX_BELOW 16 /* interfaces below one another; more is a loop */

static int write_below(const char *dir, const char *name, const char *text, struct failure *f)
{
	int r = leave_file(dir, name, text);

	return r < 0 ? fail_errno(f, -r, NULL, "%s/%s", dir, name) : 0;
}

/* What a kernel has no such file for it does not do. */
static void set_kernel(const char *path, const char *value)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, value, strlen(value)) < 0)
		log_line(LOG_WARNING, "%s: %s", path, strerror(errno));
}

/* The interface's name, the caller's; NULL: none has the address. */
static char *interface_of(const char *address)
{
	size_t len = strcspn(address, "%");
	char host[NI_MAXHOST];
	char *name = NULL;
	struct ifaddrs *list;

	if (getifaddrs(&list) < 0)
		return NULL;
	for (struct ifaddrs *one = list; one && !name; one = one->ifa_next) {
		socklen_t size = one->ifa_addr && one->ifa_addr->sa_family == AF_INET6
					 ? sizeof(struct sockaddr_in6)
					 : sizeof(struct sockaddr_in);

		if (!one->ifa_addr ||
		    (one->ifa_addr->sa_family != AF_INET && one->ifa_addr->sa_family != AF_INET6) ||
		    getnameinfo(one->ifa_addr, size, host, sizeof(host), NULL, 0, NI_NUMERICHOST))
			continue;
		if (strcspn(host, "%") == len && !strncmp(host, address, len))
			name = xstrdup(one->ifa_name);
	}
	freeifaddrs(list);
	return name;
}

/* Does the kernel call it permanent, the flag 0x80 in /proc/net/if_inet6? */
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
	/* The kernel keeps the routes alive; addresses of its own nobody asked for. */
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
		char *longer;

		if (**line == '[')
			match = !strcmp(*line, "[Match]");
		if (match || **line == '#')
			continue;
		longer = xasprintf("%s%s\n", body, *line);
		free(body);
		body = longer;
	}
	return STEAL(body);
}

/* Before any unit that the root has: they are taken in the order of their names. */
static int hold_networkd(const char *name, struct failure *f)
{
	auto_free char *unit = present_unit(name);
	auto_free char *file = xasprintf("00-rootovl-%s.network", name);
	auto_free char *text = xasprintf("# made by rootovl: the root hangs on this interface\n"
					 "[Match]\nName=%s\n\n%s",
					 name, unit ? unit : "[Link]\nUnmanaged=yes\n");

	return write_below("/run/systemd/network", file, text, f);
}

static int hold_network_manager(const char *name, struct failure *f)
{
	auto_free char *file = xasprintf("00-rootovl-%s.conf", name);
	auto_free char *text = xasprintf("# made by rootovl: the root hangs on this interface\n"
					 "[device-rootovl-%s]\n"
					 "match-device=interface-name:=%s\n"
					 "managed=0\n",
					 name, name);

	return write_below("/run/NetworkManager/conf.d", file, text, f);
}

/* The part of a unit's name, as systemd-escape(1) writes it. */
static char *escaped(const char *name)
{
	char *text = xstrdup("");

	for (const char *c = name; *c; c++) {
		bool plain =
			isalnum((unsigned char)*c) || strchr(":_", *c) || (*c == '.' && c != name);
		char *longer = plain ? xasprintf("%s%c", text, *c)
				     : xasprintf("%s\\x%02x", text, (unsigned char)*c);

		free(text);
		text = longer;
	}
	return text;
}

/* ifup@.service is of the interfaces with allow-hotplug, networking.service of those with auto. */
static int hold_hotplug(const char *name, struct failure *f)
{
	auto_free char *instance = escaped(name);
	auto_free char *dir = xasprintf("/run/systemd/system/ifup@%s.service.d", instance);

	return write_below(dir, "rootovl.conf",
			   "# made by rootovl: the root hangs on this interface\n"
			   "[Unit]\nConditionPathExists=!/run/rootovl\n",
			   f);
}

static int hold_ifupdown(char *const *names, struct failure *f)
{
	auto_free char *list = strv_join(names, " ");
	auto_free char *text = xasprintf("# made by rootovl: the root hangs on them\n"
					 "[Service]\nEnvironment=\"EXCLUDE_INTERFACES=%s\"\n",
					 list);

	return write_below("/run/systemd/system/networking.service.d", "rootovl.conf", text, f);
}

/*
 * Ends the networkd of the initramfs. The switch to the root sends every process a SIGTERM,
 * sometimes before networkd is stopped, and then it takes addresses along. Where another has made
 * the network there is none to be ended. systemd finds it ended well (networkd.conf): `systemctl
 * stop` would do the same and take half a second.
 */
static void end_networkd(void)
{
	/* Both names of the hierarchy, of cgroups(7): version 2, and version 1 beside others. */
	static const char *const groups[] = { "/sys/fs/cgroup" NETWORKD,
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

int network_hold(const char *address, struct failure *f)
{
	auto_free char *name = interface_of(address);
	auto_strv char **names = NULL;
	int r;

	if (!name)
		return fail(f, ENODEV, "the network changed meanwhile: boot again",
			    "no interface has the address %s any more", address);
	add_with_below(&names, name);
	end_networkd();
	r = hold_ipv6(name, address, f);
	if (r == 0)
		r = hold_ifupdown(names, f);
	for (char **one = names; r == 0 && *one; one++) {
		r = hold_networkd(*one, f);
		if (r == 0)
			r = hold_network_manager(*one, f);
		if (r == 0)
			r = hold_hotplug(*one, f);
	}
	return r;
}

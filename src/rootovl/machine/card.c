// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/card.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define SYSFS_MAX 4096

static void mac_text(char to[MAC_TEXT], const unsigned char *mac)
{
	static const unsigned char none[6];

	if (memcmp(mac, none, sizeof(none)) != 0)
		snprintf(to, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
			 mac[3], mac[4], mac[5]);
}

/* Reads the permanent address by ioctl(2). Older kernels do not give it by netlink. */
static void read_permanent(int fd, struct ifreq request, struct card *ret)
{
	union {
		struct ethtool_perm_addr ask;
		unsigned char room[sizeof(struct ethtool_perm_addr) + 32];
	} address = { .ask = { .cmd = ETHTOOL_GPERMADDR, .size = 32 } };

	request.ifr_data = (void *)&address;
	if (ioctl(fd, SIOCETHTOOL, &request) == 0 && address.ask.size == 6)
		mac_text(ret->permanent, address.ask.data);
}

/*
 * Reads the type as networkd does: DEVTYPE of the device, or the type of its addresses if the
 * device has no DEVTYPE.
 */
static void read_type(const char *name, struct card *ret)
{
	auto_free char *path = xasprintf("/sys/class/net/%s/uevent", name);
	auto_free char *text = NULL;
	const char *type = NULL;

	if (file_read(AT_FDCWD, path, SYSFS_MAX, &text) == 0)
		type = strstr(text, "DEVTYPE=");
	type = type ? type + strlen("DEVTYPE=") : "ether";
	snprintf(ret->type, sizeof(ret->type), "%.*s", (int)strcspn(type, "\n"), type);
}

int card_read(const char *name, struct card *ret)
{
	auto_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	auto_free char *device = xasprintf("/sys/class/net/%s/device", name);
	struct ifreq request = { 0 };

	*ret = (struct card){ .index = if_nametoindex(name) };
	if (fd < 0 || !ret->index || strlen(name) >= IF_NAMESIZE)
		return -ENODEV;
	strcpy(ret->name, name);
	strcpy(request.ifr_name, name);
	read_type(name, ret);
	if (ioctl(fd, SIOCGIFHWADDR, &request) < 0 || request.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return 0;
	mac_text(ret->mac, (const unsigned char *)request.ifr_hwaddr.sa_data);
	/* A virtual interface may report the permanent address of the hardware below it. */
	if (access(device, F_OK) == 0)
		read_permanent(fd, request, ret);
	return 0;
}

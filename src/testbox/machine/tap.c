// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/tap.h"

#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define TUN "/dev/net/tun"

/* Its address must not become the bridge's, which takes the lowest one of its ports. */
static int raise_address(int net, struct ifreq *tap)
{
	if (ioctl(net, SIOCGIFHWADDR, tap) < 0)
		return -errno;
	tap->ifr_hwaddr.sa_data[0] = (char)0xfe;
	return ioctl(net, SIOCSIFHWADDR, tap) < 0 ? -errno : 0;
}

static int copy_mtu(int net, struct ifreq *bridge, struct ifreq *tap)
{
	if (ioctl(net, SIOCGIFMTU, bridge) < 0)
		return -errno;
	tap->ifr_mtu = bridge->ifr_mtu;
	return ioctl(net, SIOCSIFMTU, tap) < 0 ? -errno : 0;
}

static int join(int net, struct ifreq *bridge, struct ifreq *tap)
{
	int index = (int)if_nametoindex(tap->ifr_name);

	if (!index)
		return -errno;
	bridge->ifr_ifindex = index;
	if (ioctl(net, SIOCBRADDIF, bridge) < 0)
		return -errno;
	tap->ifr_flags = IFF_UP;
	return ioctl(net, SIOCSIFFLAGS, tap) < 0 ? -errno : 0;
}

int tap_open(const char *bridge)
{
	auto_close int fd = open(TUN, O_RDWR | O_CLOEXEC);
	auto_close int net = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq tap = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	struct ifreq port = { 0 };
	int r;

	if (fd < 0 || net < 0)
		return -errno;
	if (strlen(bridge) >= IFNAMSIZ)
		return -ENODEV;
	strcpy(port.ifr_name, bridge);
	r = ioctl(fd, TUNSETIFF, &tap) < 0 ? -errno : raise_address(net, &tap);
	if (r == 0)
		r = copy_mtu(net, &port, &tap);
	if (r == 0)
		r = join(net, &port, &tap);
	return r < 0 ? r : steal_fd(&fd);
}

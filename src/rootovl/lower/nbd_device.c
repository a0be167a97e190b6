// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's NBD client, by generic netlink (drivers/block/nbd.c). */
#include "src/rootovl/lower/nbd_device.h"

#include "src/rootovl/lower/genl.h"

#include <errno.h>
#include <linux/nbd-netlink.h>
#include <linux/nbd.h>
#include <string.h>

/*
 * A request without an answer for so long counts as a connection that broke: it is sent again on
 * the next one.
 */
#define REQUEST_S 20

static int fail_kernel(struct failure *f, int r, const char *what)
{
	return fail_errno(f, -r, r == -ENOENT ? "has the image the module nbd?" : NULL,
			  "the kernel's NBD client: %s", what);
}

/* Opens a socket, and begins a message to the family. */
static int begin(struct netlink *message, uint8_t command, struct failure *f)
{
	uint16_t family = 0;
	int fd = genl_open_family(NBD_GENL_FAMILY_NAME, &family);

	if (fd < 0)
		return fail_kernel(f, fd, "finding it");
	genl_begin(message, family, command, NBD_GENL_VERSION);
	return fd;
}

static void put_u64(struct netlink *message, uint16_t type, uint64_t value)
{
	netlink_put(message, type, &value, sizeof(value));
}

static void put_u32(struct netlink *message, uint16_t type, uint32_t value)
{
	netlink_put(message, type, &value, sizeof(value));
}

static void put_socket(struct netlink *message, int socket)
{
	size_t list = netlink_open(message, NBD_ATTR_SOCKETS),
	       item = netlink_open(message, NBD_SOCK_ITEM);

	put_u32(message, NBD_SOCK_FD, (uint32_t)socket);
	netlink_close(message, item);
	netlink_close(message, list);
}

int nbd_device_connect(int socket, const struct nbd_export *export, struct failure *f)
{
	struct netlink message, answer;
	auto_close int fd = begin(&message, NBD_CMD_CONNECT, f);
	uint32_t number;
	int r;

	if (fd < 0)
		return fd;
	put_u64(&message, NBD_ATTR_SIZE_BYTES, export->size);
	put_u64(&message, NBD_ATTR_BLOCK_SIZE_BYTES, export->block);
	put_u64(&message, NBD_ATTR_SERVER_FLAGS, NBD_FLAG_HAS_FLAGS | NBD_FLAG_READ_ONLY);
	put_u64(&message, NBD_ATTR_TIMEOUT, REQUEST_S);
	put_u64(&message, NBD_ATTR_DEAD_CONN_TIMEOUT, NBD_KEEP_S);
	put_socket(&message, socket);
	r = netlink_ask(fd, &message, &answer);
	if (r < 0)
		return fail_kernel(f, r, "making a device");
	if (genl_get(&answer, NBD_ATTR_INDEX, &number, sizeof(number)) < 0)
		return fail_kernel(f, -EPROTO, "the device's number");
	return (int)number;
}

int nbd_device_reconnect(int number, int socket, struct failure *f)
{
	struct netlink message;
	auto_close int fd = begin(&message, NBD_CMD_RECONFIGURE, f);
	int r;

	if (fd < 0)
		return fd;
	put_u32(&message, NBD_ATTR_INDEX, (uint32_t)number);
	put_socket(&message, socket);
	r = netlink_ask(fd, &message, NULL);
	return r < 0 ? fail_kernel(f, r, "another connection") : 0;
}

int nbd_device_disconnect(int number, struct failure *f)
{
	struct netlink message;
	auto_close int fd = begin(&message, NBD_CMD_DISCONNECT, f);
	int r;

	if (fd < 0)
		return fd;
	put_u32(&message, NBD_ATTR_INDEX, (uint32_t)number);
	r = netlink_ask(fd, &message, NULL);
	return r < 0 ? fail_kernel(f, r, "disconnecting") : 0;
}

int nbd_device_listen(struct failure *f)
{
	int fd = genl_listen(NBD_GENL_FAMILY_NAME, NBD_GENL_MCAST_GROUP_NAME);

	return fd < 0 ? fail_kernel(f, fd, "listening") : fd;
}

int nbd_device_lost(int listener, int number)
{
	struct netlink heard;
	uint32_t which;
	int r = netlink_receive(listener, &heard);

	if (r < 0)
		return r == -ENOBUFS ? 1 : r;
	return genl_command(&heard) == NBD_CMD_LINK_DEAD &&
	       genl_get(&heard, NBD_ATTR_INDEX, &which, sizeof(which)) == 0 &&
	       which == (uint32_t)number;
}

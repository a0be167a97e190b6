// SPDX-License-Identifier: GPL-2.0-or-later
/* Controls the kernel's NBD client by generic netlink (drivers/block/nbd.c). */
#include "src/rootovl/lower/nbd_device.h"

#include "src/common/macro.h"
#include "src/rootovl/machine/netlink.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/nbd-netlink.h>
#include <linux/nbd.h>
#include <string.h>
#include <sys/socket.h>

/*
 * After so long without an answer, the kernel treats the connection as broken. It sends the request
 * again on the next connection.
 */
#define REQUEST_S 20

/* Begins a message to a family. */
static void genl_begin(struct netlink *message, uint16_t family, uint8_t command, uint8_t version)
{
	const struct genlmsghdr header = { .cmd = command, .version = version };

	netlink_begin(message, family, 0, &header, sizeof(header));
}

/* Returns the command of a message that was received; -1 if it is too short. */
static int genl_command(const struct netlink *message)
{
	struct genlmsghdr header;

	if (message->head.nlmsg_len < NLMSG_LENGTH(sizeof(header)))
		return -1;
	memcpy(&header, message->body, sizeof(header));
	return header.cmd;
}

/* Copies a value if its length is right. */
static int copy_value(const void *value, size_t has, void *ret, size_t len)
{
	if (!value || has != len)
		return -ENOENT;
	memcpy(ret, value, len);
	return 0;
}

/* Copies the value of an attribute of exactly `len` bytes. Returns 0, or -ENOENT. */
static int genl_get(const struct netlink *message, uint16_t type, void *ret, size_t len)
{
	size_t has = 0;
	const void *value = netlink_find(message, GENL_HDRLEN, type, &has);

	return copy_value(value, has, ret, len);
}

/* Finds a multicast group in the answer: a list of lists, each with a name and a number. */
static int find_group(const struct netlink *answer, const char *group, uint32_t *ret)
{
	size_t left = 0, len = 0, name_len = 0, id_len = 0;
	const uint8_t *groups = netlink_find(answer, GENL_HDRLEN, CTRL_ATTR_MCAST_GROUPS, &left);
	const void *entry;

	for (uint16_t i = 1; groups && (entry = netlink_find_in(groups, left, i, &len)); i++) {
		const char *name = netlink_find_in(entry, len, CTRL_ATTR_MCAST_GRP_NAME, &name_len);
		const void *id = netlink_find_in(entry, len, CTRL_ATTR_MCAST_GRP_ID, &id_len);

		if (name && name_len == strlen(group) + 1 && !memcmp(name, group, name_len))
			return copy_value(id, id_len, ret, sizeof(*ret));
	}
	return -ENOENT;
}

/* Asks the kernel for a family. */
static int ask_family(int socket, const char *name, struct netlink *answer)
{
	struct netlink message;

	genl_begin(&message, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	netlink_put(&message, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	return netlink_ask(socket, &message, answer);
}

/*
 * Opens a socket and finds a family by its name. Returns the descriptor, or -errno; -ENOENT if the
 * kernel does not have the family. *ret_family gets its number.
 */
static int genl_open_family(const char *name, uint16_t *ret_family)
{
	auto_close int fd = netlink_socket(NETLINK_GENERIC);
	struct netlink answer;
	int r = fd < 0 ? fd : ask_family(fd, name, &answer);

	if (r == 0)
		r = genl_get(&answer, CTRL_ATTR_FAMILY_ID, ret_family, sizeof(*ret_family));
	return r < 0 ? r : steal_fd(&fd);
}

/*
 * Finds a family as genl_open_family() does, and joins its multicast group `group`. Returns a
 * descriptor or -errno.
 */
static int genl_listen(const char *name, const char *group)
{
	auto_close int fd = netlink_socket(NETLINK_GENERIC);
	struct netlink answer;
	uint32_t number;
	int r = fd < 0 ? fd : ask_family(fd, name, &answer);

	if (r == 0)
		r = find_group(&answer, group, &number);
	if (r == 0 &&
	    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &number, sizeof(number)) < 0)
		r = -errno;
	return r < 0 ? r : steal_fd(&fd);
}

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

// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's NBD client, by generic netlink (drivers/block/nbd.c). */
#include "src/rootovl/lower/nbd.h"

#include "src/rootovl/lower/genl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nbd-netlink.h>
#include <linux/nbd.h>
#include <string.h>
#include <sys/socket.h>

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

/* A socket, and a message to the family begun. */
static int begin(struct genl *message, uint8_t command, struct failure *f)
{
	auto_close int fd = genl_socket();
	int family = fd < 0 ? fd : genl_family(fd, NBD_GENL_FAMILY_NAME, NULL, NULL);

	if (family < 0)
		return fail_kernel(f, family, "finding it");
	genl_begin(message, (uint16_t)family, command, NBD_GENL_VERSION);
	return steal_fd(&fd);
}

static void put_socket(struct genl *message, int socket)
{
	size_t list = genl_open(message, NBD_ATTR_SOCKETS),
	       item = genl_open(message, NBD_SOCK_ITEM);

	genl_put_u32(message, NBD_SOCK_FD, (uint32_t)socket);
	genl_close(message, item);
	genl_close(message, list);
}

int nbd_device_connect(int socket, const struct nbd_export *export, struct failure *f)
{
	struct genl message, answer;
	auto_close int fd = begin(&message, NBD_CMD_CONNECT, f);
	const void *number;
	uint32_t ret;
	int r;

	if (fd < 0)
		return fd;
	genl_put_u64(&message, NBD_ATTR_SIZE_BYTES, export->size);
	genl_put_u64(&message, NBD_ATTR_BLOCK_SIZE_BYTES, export->block);
	genl_put_u64(&message, NBD_ATTR_SERVER_FLAGS, NBD_FLAG_HAS_FLAGS | NBD_FLAG_READ_ONLY);
	genl_put_u64(&message, NBD_ATTR_TIMEOUT, REQUEST_S);
	genl_put_u64(&message, NBD_ATTR_DEAD_CONN_TIMEOUT, NBD_KEEP_S);
	put_socket(&message, socket);
	r = genl_ask(fd, &message, &answer);
	if (r < 0)
		return fail_kernel(f, r, "making a device");
	number = genl_find(&answer, NBD_ATTR_INDEX, sizeof(ret));
	if (!number)
		return fail_kernel(f, -EPROTO, "the device's number");
	memcpy(&ret, number, sizeof(ret));
	return (int)ret;
}

int nbd_device_reconnect(int number, int socket, struct failure *f)
{
	struct genl message;
	auto_close int fd = begin(&message, NBD_CMD_RECONFIGURE, f);
	int r;

	if (fd < 0)
		return fd;
	genl_put_u32(&message, NBD_ATTR_INDEX, (uint32_t)number);
	put_socket(&message, socket);
	r = genl_ask(fd, &message, NULL);
	return r < 0 ? fail_kernel(f, r, "another connection") : 0;
}

int nbd_device_disconnect(int number, struct failure *f)
{
	struct genl message;
	auto_close int fd = begin(&message, NBD_CMD_DISCONNECT, f);
	int r;

	if (fd < 0)
		return fd;
	genl_put_u32(&message, NBD_ATTR_INDEX, (uint32_t)number);
	r = genl_ask(fd, &message, NULL);
	return r < 0 ? fail_kernel(f, r, "disconnecting") : 0;
}

int nbd_device_listen(struct failure *f)
{
	auto_close int fd = genl_socket();
	uint32_t group;
	int r = fd < 0 ? fd
		       : genl_family(fd, NBD_GENL_FAMILY_NAME, NBD_GENL_MCAST_GROUP_NAME, &group);

	if (r >= 0 &&
	    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		r = -errno;
	return r < 0 ? fail_kernel(f, r, "listening") : steal_fd(&fd);
}

int nbd_device_lost(int listener, int number)
{
	struct genl heard = { 0 };
	ssize_t n = recv(listener, &heard, sizeof(heard), 0);
	const void *index;
	uint32_t which;

	if (n < 0)
		return errno == ENOBUFS ? 1 : -errno;
	if ((size_t)n < NLMSG_LENGTH(GENL_HDRLEN) || heard.head.nlmsg_len > (size_t)n ||
	    heard.command.cmd != NBD_CMD_LINK_DEAD)
		return 0;
	index = genl_find(&heard, NBD_ATTR_INDEX, sizeof(which));
	if (!index)
		return 0;
	memcpy(&which, index, sizeof(which));
	return which == (uint32_t)number;
}

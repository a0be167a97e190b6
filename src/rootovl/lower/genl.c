// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/lower/genl.h"

#include "src/common/macro.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>
#include <sys/socket.h>

void genl_begin(struct netlink *message, uint16_t family, uint8_t command, uint8_t version)
{
	const struct genlmsghdr header = { .cmd = command, .version = version };

	netlink_begin(message, family, 0, &header, sizeof(header));
}

int genl_command(const struct netlink *message)
{
	struct genlmsghdr header;

	if (message->head.nlmsg_len < NLMSG_LENGTH(sizeof(header)))
		return -1;
	memcpy(&header, message->body, sizeof(header));
	return header.cmd;
}

/* Copies a value if it has the length that it must have. */
static int copy_value(const void *value, size_t has, void *ret, size_t len)
{
	if (!value || has != len)
		return -ENOENT;
	memcpy(ret, value, len);
	return 0;
}

int genl_get(const struct netlink *message, uint16_t type, void *ret, size_t len)
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

int genl_open_family(const char *name, uint16_t *ret_family)
{
	auto_close int fd = netlink_socket(NETLINK_GENERIC);
	struct netlink answer;
	int r = fd < 0 ? fd : ask_family(fd, name, &answer);

	if (r == 0)
		r = genl_get(&answer, CTRL_ATTR_FAMILY_ID, ret_family, sizeof(*ret_family));
	return r < 0 ? r : steal_fd(&fd);
}

int genl_listen(const char *name, const char *group)
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

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/lower/genl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_S 10 /* the kernel's part takes far less */

void genl_begin(struct genl *message, uint16_t family, uint8_t command, uint8_t version)
{
	*message = (struct genl){
		.head = { .nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
			  .nlmsg_type = family,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.command = { .cmd = command, .version = version },
	};
}

static void put(struct genl *message, uint16_t type, const void *data, size_t len)
{
	size_t at = NLMSG_ALIGN(message->head.nlmsg_len);
	const struct nlattr attribute = { .nla_type = type,
					  .nla_len = (uint16_t)(NLA_HDRLEN + len) };
	uint8_t *bytes = (uint8_t *)message;

	/* All messages are this program's own. */
	if (at + NLA_HDRLEN + NLA_ALIGN(len) > sizeof(*message))
		abort();
	memcpy(bytes + at, &attribute, sizeof(attribute));
	if (len)
		memcpy(bytes + at + NLA_HDRLEN, data, len);
	message->head.nlmsg_len = (uint32_t)(at + NLA_HDRLEN + NLA_ALIGN(len));
}

void genl_put_u64(struct genl *message, uint16_t type, uint64_t value)
{
	put(message, type, &value, sizeof(value));
}

void genl_put_u32(struct genl *message, uint16_t type, uint32_t value)
{
	put(message, type, &value, sizeof(value));
}

size_t genl_open(struct genl *message, uint16_t type)
{
	size_t at = message->head.nlmsg_len;

	put(message, type | NLA_F_NESTED, NULL, 0);
	return at;
}

void genl_close(struct genl *message, size_t opened)
{
	struct nlattr *attribute = (void *)((uint8_t *)message + opened);

	attribute->nla_len = (uint16_t)(message->head.nlmsg_len - opened);
}

int genl_socket(void)
{
	const struct timeval limit = { .tv_sec = ANSWER_S };
	struct sockaddr_nl local = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd >= 0 && (bind(fd, (struct sockaddr *)&local, sizeof(local)) < 0 ||
			setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) < 0)) {
		int code = errno;

		close(fd);
		return -code;
	}
	return fd < 0 ? -errno : fd;
}

int genl_ask(int socket, struct genl *message, struct genl *answer)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct genl heard;

	if (answer)
		*answer = (struct genl){ 0 };
	if (sendto(socket, message, message->head.nlmsg_len, 0, (const struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		return -errno;
	for (;;) {
		ssize_t n = recv(socket, &heard, sizeof(heard), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if ((size_t)n < sizeof(heard.head) || heard.head.nlmsg_len > (size_t)n)
			return -EPROTO;
		if (heard.head.nlmsg_type == NLMSG_ERROR)
			return ((struct nlmsgerr *)(void *)&heard.command)->error;
		if (answer)
			*answer = heard;
	}
}

/* One attribute in `len` bytes of them. */
static const void *find(const uint8_t *at, size_t len, uint16_t type, size_t *ret_len)
{
	while (len >= NLA_HDRLEN) {
		struct nlattr attribute;
		size_t step;

		memcpy(&attribute, at, sizeof(attribute));
		if (attribute.nla_len < NLA_HDRLEN || attribute.nla_len > len)
			return NULL;
		if ((attribute.nla_type & NLA_TYPE_MASK) == type) {
			*ret_len = attribute.nla_len - (size_t)NLA_HDRLEN;
			return at + NLA_HDRLEN;
		}
		step = NLA_ALIGN(attribute.nla_len);
		if (step > len)
			return NULL;
		at += step;
		len -= step;
	}
	return NULL;
}

static const void *find_in(const struct genl *message, uint16_t type, size_t *ret_len)
{
	size_t head = NLMSG_LENGTH(GENL_HDRLEN);

	if (message->head.nlmsg_len < head || message->head.nlmsg_len > sizeof(*message))
		return NULL;
	return find(message->attributes, message->head.nlmsg_len - head, type, ret_len);
}

const void *genl_find(const struct genl *message, uint16_t type, size_t len)
{
	size_t has;
	const void *value = find_in(message, type, &has);

	return value && has >= len ? value : NULL;
}

/* The family's groups are a list of lists: name and number each. */
static int find_group(const struct genl *answer, const char *group, uint32_t *ret)
{
	size_t left, len, name_len = 0, id_len = 0;
	const uint8_t *at = find_in(answer, CTRL_ATTR_MCAST_GROUPS, &left);
	uint16_t index = 1;

	for (const uint8_t *entry; at && (entry = find(at, left, index, &len)); index++) {
		const char *name = find(entry, len, CTRL_ATTR_MCAST_GRP_NAME, &name_len);
		const void *id = find(entry, len, CTRL_ATTR_MCAST_GRP_ID, &id_len);

		if (!name || !id || id_len != sizeof(*ret) ||
		    strnlen(name, name_len) != strlen(group) ||
		    strncmp(name, group, strlen(group)) != 0)
			continue;
		memcpy(ret, id, sizeof(*ret));
		return 0;
	}
	return -ENOENT;
}

int genl_family(int socket, const char *name, const char *group, uint32_t *ret_group)
{
	struct genl message, answer;
	const void *id;
	uint16_t family;
	int r;

	genl_begin(&message, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	put(&message, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	r = genl_ask(socket, &message, &answer);
	if (r < 0)
		return r;
	id = genl_find(&answer, CTRL_ATTR_FAMILY_ID, sizeof(family));
	if (!id)
		return -ENOENT;
	memcpy(&family, id, sizeof(family));
	r = group ? find_group(&answer, group, ret_group) : 0;
	return r < 0 ? r : family;
}

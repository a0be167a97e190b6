// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/netlink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_S 10 /* the kernel takes far less */

int netlink_socket(int protocol)
{
	const struct timeval limit = { .tv_sec = ANSWER_S };
	struct sockaddr_nl local = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd >= 0 && (bind(fd, (struct sockaddr *)&local, sizeof(local)) < 0 ||
			setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) < 0)) {
		int code = errno;

		close(fd);
		return -code;
	}
	return fd < 0 ? -errno : fd;
}

/* Appends `len` bytes, and zeros up to the next multiple of four. */
static void *add(struct netlink *message, const void *data, size_t len)
{
	size_t at = NLMSG_ALIGN(message->head.nlmsg_len);
	uint8_t *place = (uint8_t *)message + at;

	if (at + NLMSG_ALIGN(len) > sizeof(*message))
		abort();
	if (len)
		memcpy(place, data, len);
	message->head.nlmsg_len = (uint32_t)(at + NLMSG_ALIGN(len));
	return place;
}

void netlink_begin(struct netlink *message, uint16_t type, uint16_t flags, const void *header,
		   size_t len)
{
	*message = (struct netlink){
		.head = { .nlmsg_len = NLMSG_HDRLEN,
			  .nlmsg_type = type,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags },
	};
	add(message, header, len);
}

void netlink_put(struct netlink *message, uint16_t type, const void *data, size_t len)
{
	const struct nlattr attribute = { .nla_type = type,
					  .nla_len = (uint16_t)(NLA_HDRLEN + len) };

	add(message, &attribute, sizeof(attribute));
	add(message, data, len);
}

size_t netlink_open(struct netlink *message, uint16_t type)
{
	size_t at = message->head.nlmsg_len;

	netlink_put(message, type | NLA_F_NESTED, NULL, 0);
	return at;
}

void netlink_close(struct netlink *message, size_t opened)
{
	struct nlattr *attribute = (void *)((uint8_t *)message + opened);

	attribute->nla_len = (uint16_t)(message->head.nlmsg_len - opened);
}

int netlink_receive(int socket, struct netlink *message)
{
	for (;;) {
		struct sockaddr_nl sender = { 0 };
		socklen_t sender_len = sizeof(sender);
		ssize_t n = recvfrom(socket, message, sizeof(*message), 0,
				     (struct sockaddr *)&sender, &sender_len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (sender.nl_pid != 0) /* sent by another process instead of the kernel */
			continue;
		if ((size_t)n < NLMSG_HDRLEN || message->head.nlmsg_len < NLMSG_HDRLEN ||
		    message->head.nlmsg_len > (size_t)n)
			return -EPROTO;
		return 0;
	}
}

int netlink_ask(int socket, const struct netlink *message, struct netlink *answer)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct netlink heard;

	if (answer)
		*answer = (struct netlink){ 0 };
	if (sendto(socket, message, message->head.nlmsg_len, 0, (const struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		return -errno;
	for (;;) {
		struct nlmsgerr error;
		int r = netlink_receive(socket, &heard);

		if (r < 0)
			return r;
		if (heard.head.nlmsg_type == NLMSG_ERROR) {
			if (heard.head.nlmsg_len < NLMSG_LENGTH(sizeof(error)))
				return -EPROTO;
			memcpy(&error, heard.body, sizeof(error));
			return error.error;
		}
		if (answer)
			*answer = heard;
	}
}

const void *netlink_find_in(const void *attributes, size_t len, uint16_t type, size_t *ret_len)
{
	const uint8_t *at = attributes;

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

const void *netlink_find(const struct netlink *message, size_t header, uint16_t type,
			 size_t *ret_len)
{
	size_t head = NLMSG_LENGTH(NLMSG_ALIGN(header));

	if (message->head.nlmsg_len < head || message->head.nlmsg_len > sizeof(*message))
		return NULL;
	return netlink_find_in((const uint8_t *)message + head, message->head.nlmsg_len - head,
			       type, ret_len);
}

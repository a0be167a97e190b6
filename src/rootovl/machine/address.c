// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/personality.h"

#include "src/common/mem.h"
#include "src/rootovl/machine/events.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define ANSWER_MS 5000

struct request {
	struct nlmsghdr header;
	struct ifaddrmsg message;
	char attributes[64];
};

/* The number of the first interface that is up and no loopback; 0: there is none. */
static unsigned first_up(void)
{
	struct ifaddrs *all = NULL;
	unsigned found = 0;

	if (getifaddrs(&all) < 0)
		return 0;
	for (const struct ifaddrs *one = all; one; one = one->ifa_next) {
		unsigned number = if_nametoindex(one->ifa_name);

		if ((one->ifa_flags & IFF_UP) && !(one->ifa_flags & IFF_LOOPBACK) && number &&
		    (!found || number < found))
			found = number;
	}
	freeifaddrs(all);
	return found;
}

static void add_attribute(struct request *request, unsigned short type, const void *data,
			  unsigned short len)
{
	struct rtattr *attribute =
		(void *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(len);
	memcpy(RTA_DATA(attribute), data, len);
	request->header.nlmsg_len =
		NLMSG_ALIGN(request->header.nlmsg_len) + RTA_ALIGN(attribute->rta_len);
}

/* Sends it, and waits for the kernel's answer: 0 or -errno. */
static int ask(const struct request *request)
{
	auto_close int fd = events_listen(NETLINK_ROUTE, 0);
	struct pollfd answered = { .fd = fd, .events = POLLIN };
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[1024];
	} answer;

	if (fd < 0 || send(fd, request, request->header.nlmsg_len, 0) < 0)
		return -errno;
	if (poll(&answered, 1, ANSWER_MS) != 1)
		return -ETIMEDOUT;
	if (recv(fd, &answer, sizeof(answer), 0) < (ssize_t)NLMSG_LENGTH(sizeof(answer.error)) ||
	    answer.header.nlmsg_type != NLMSG_ERROR)
		return -EPROTO;
	return answer.error.error;
}

int address_add(const char *address, struct failure *f)
{
	const char *slash = strchr(address, '/');
	auto_free char *host = xstrndup(address, slash ? (size_t)(slash - address) : 0);
	unsigned char bytes[16];
	bool v4 = inet_pton(AF_INET, host, bytes) == 1;
	struct request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifaddrmsg)),
			    .nlmsg_type = RTM_NEWADDR,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE },
		.message = { .ifa_family = v4 ? AF_INET : AF_INET6,
			     .ifa_flags = IFA_F_PERMANENT,
			     .ifa_index = first_up() },
	};
	int r;

	if (!slash || (!v4 && inet_pton(AF_INET6, host, bytes) != 1))
		return fail_errno(f, EINVAL, NULL, "ip=%s", address);
	if (!request.message.ifa_index)
		return fail(f, ENETDOWN, "ip=dhcp on the kernel line brings one up",
			    "ip=%s: no network interface is up", address);
	request.message.ifa_prefixlen = (unsigned char)strtoul(slash + 1, NULL, 10);
	add_attribute(&request, IFA_LOCAL, bytes, v4 ? 4 : 16);
	add_attribute(&request, IFA_ADDRESS, bytes, v4 ? 4 : 16);
	r = ask(&request);
	return r < 0 && r != -EEXIST ? fail_errno(f, -r, NULL, "ip=%s", address) : 0;
}

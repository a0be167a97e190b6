// SPDX-License-Identifier: GPL-2.0-or-later
/* Netlink messages: made, read, damaged, and shown to the kernel, which needs no rights for that.
 */
#include "src/rootovl/machine/netlink.h"

#include "src/common/macro.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#define LOOPBACK 1 /* its number in every network namespace */

TEST(what_was_put_is_found)
{
	const struct ifinfomsg header = { .ifi_index = LOOPBACK };
	struct netlink message;
	size_t len, opened;
	const uint8_t *list;

	netlink_begin(&message, RTM_GETLINK, 0, &header, sizeof(header));
	netlink_put(&message, 3, "abcde", 5);
	opened = netlink_open(&message, 7);
	netlink_put(&message, 1, "x", 1);
	netlink_put(&message, 2, "yz", 2);
	netlink_close(&message, opened);
	assert_int_equal(message.head.nlmsg_len % NLMSG_ALIGNTO, 0);

	assert_memory_equal(netlink_find(&message, sizeof(header), 3, &len), "abcde", 5);
	assert_int_equal(len, 5);
	list = netlink_find(&message, sizeof(header), 7, &len);
	assert_non_null(list);
	assert_memory_equal(netlink_find_in(list, len, 2, &len), "yz", 2);
	assert_int_equal(len, 2);
	assert_null(netlink_find(&message, sizeof(header), 4, &len));
}

TEST(a_length_that_is_wrong_leads_nowhere)
{
	const struct ifinfomsg header = { 0 };
	struct netlink message;
	struct nlattr *attribute;
	size_t len;

	netlink_begin(&message, RTM_GETLINK, 0, &header, sizeof(header));
	attribute = (void *)((uint8_t *)&message + message.head.nlmsg_len);
	netlink_put(&message, 3, "abcd", 4);
	for (uint16_t wrong = 0; wrong < NLA_HDRLEN; wrong++) {
		attribute->nla_len = wrong;
		assert_null(netlink_find(&message, sizeof(header), 3, &len));
	}
	attribute->nla_len = NLA_HDRLEN + 5;
	assert_null(netlink_find(&message, sizeof(header), 3, &len));
	message.head.nlmsg_len = sizeof(message) + 1;
	assert_null(netlink_find(&message, sizeof(header), 3, &len));
	message.head.nlmsg_len = NLMSG_HDRLEN;
	assert_null(netlink_find(&message, sizeof(header), 3, &len));
}

TEST(the_kernel_answers)
{
	const struct ifinfomsg header = { .ifi_index = LOOPBACK };
	auto_close int fd = netlink_socket(NETLINK_ROUTE);
	struct netlink message, answer;
	const char *name;
	size_t len;

	assert_true(fd >= 0);
	netlink_begin(&message, RTM_GETLINK, 0, &header, sizeof(header));
	assert_int_equal(netlink_ask(fd, &message, &answer), 0);
	assert_int_equal(answer.head.nlmsg_type, RTM_NEWLINK);
	name = netlink_find(&answer, sizeof(header), IFLA_IFNAME, &len);
	assert_non_null(name);
	assert_string_equal(name, "lo");
}

TEST(the_kernels_refusal_is_the_error)
{
	const struct ifinfomsg header = { .ifi_index = INT32_MAX };
	auto_close int fd = netlink_socket(NETLINK_ROUTE);
	struct netlink message, answer;

	netlink_begin(&message, RTM_GETLINK, 0, &header, sizeof(header));
	assert_int_equal(netlink_ask(fd, &message, &answer), -ENODEV);
	assert_int_equal(answer.head.nlmsg_len, 0);
}

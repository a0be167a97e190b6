// SPDX-License-Identifier: GPL-2.0-or-later
/* Name servers and search domains, from what networks say to a resolv.conf. */
#include "src/common/resolv_names.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

static const char HEAD[] = "# made by rootovl, of what the network told\n";

static void conf_is(const char *state, unsigned index, const char *conf, const char *expected)
{
	struct resolv_names names = { 0 };
	auto_free char *text = NULL, *whole = expected ? xasprintf("%s%s", HEAD, expected) : NULL;

	if (conf)
		resolv_names_take_conf(&names, conf);
	if (state)
		resolv_names_take_link(&names, state, index);
	text = resolv_names_conf(&names);
	if (whole) {
		assert_non_null(text);
		assert_string_equal(text, whole);
	} else {
		assert_null(text);
	}
	resolv_names_done(&names);
}

TEST(servers_and_domains_of_a_link)
{
	conf_is("# This is private data. Do not parse.\nOPER_STATE=routable\nDNS=10.1.0.1 "
		"10.1.0.2#dns.lab\nDOMAINS=lab farm.example.\nNTP=10.1.0.3\n",
		2, NULL, "nameserver 10.1.0.1\nnameserver 10.1.0.2\nsearch lab farm.example\n");
	conf_is("DNS=fd00::1\n", 2, NULL, "nameserver fd00::1\n");
	conf_is("DOMAINS=lab\n", 2, NULL, NULL);
	conf_is("DNS=\nDNS\n\n", 2, NULL, NULL);
}

TEST(a_link_local_server_keeps_its_interface_by_number)
{
	conf_is("DNS=fe80::1\n", 2, NULL, "nameserver fe80::1%2\n");
	conf_is("DNS=fe80::1%7#dns.lab\n", 2, NULL, "nameserver fe80::1%2\n");
	conf_is(NULL, 0, "nameserver fe80::1%eth0\n", "nameserver fe80::1%eth0\n");
	conf_is(NULL, 0, "nameserver fe80::1\n", NULL);
}

TEST(what_another_wrote_comes_first)
{
	conf_is("DNS=10.1.0.1\nDOMAINS=lab\n", 2,
		"; a comment\nnameserver 10.9.0.1\n search a.example\tb.example \noptions "
		"ndots:2\n",
		"nameserver 10.9.0.1\nnameserver 10.1.0.1\nsearch a.example b.example lab\n");
}

TEST(nothing_that_is_no_address_or_name_gets_in)
{
	conf_is("DNS=0.0.0.0 224.0.0.1 :: ff02::1 10.1.0 name ../etc 10.1.0.1;x\n", 2, NULL, NULL);
	conf_is("DNS=10.1.0.1\nDOMAINS=a$b -a a- .a a..b \x01 a;b a/b ok\n", 2, NULL,
		"nameserver 10.1.0.1\nsearch ok\n");
	conf_is("DNS=10.1.0.1\nDOMAINS="
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
		2, NULL, "nameserver 10.1.0.1\n");
}

TEST(as_much_as_a_c_library_takes)
{
	conf_is("DNS=10.0.0.1 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4\nDOMAINS=a b a c d e f g h\n", 2,
		NULL,
		"nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\n"
		"search a b c d e f\n");
}

TEST(time_servers_are_addresses_or_names)
{
	struct resolv_names names = { 0 };
	auto_free char *list = NULL;

	resolv_names_take_link(&names, "NTP=10.1.0.3 fd00::3 ntp.lab a$b 1 2 3\n", 2);
	list = strv_join(names.ntp, " ");
	assert_string_equal(list, "10.1.0.3 fd00::3 ntp.lab 1");
	resolv_names_done(&names);
}

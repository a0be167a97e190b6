// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ip= and the like: what becomes of each spelling of dracut.cmdline(7) and others, and what is
 * refused.
 */
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/network_unit.h"
#include "tests/unit/rootovl/settings/network_lines.h"
#include "tests/unit/unit.h"

#include <string.h>

TEST(accepts_dracuts_spellings)
{
	for (size_t i = 0; i < ARRAY_SIZE(network_good); i++) {
		auto_failure struct failure f = { 0 };
		struct network_words words;
		struct cmdline cmdline = { 0 };
		const struct network_line *good = &network_good[i];
		auto_free char *joined = NULL, *others = NULL;

		cmdline_add(&cmdline, good->line);
		if (network_words_read(&words, &cmdline, &f) < 0)
			fail_msg("%s: %s", good->line, f.what);
		joined = strv_join(words.words, " ");
		others = strv_join(words.others, " ");
		if (strcmp(joined, good->words) != 0 || strcmp(others, good->others) != 0)
			fail_msg("%s: \"%s\", \"%s\"", good->line, joined, others);
		assert_string_equal(words.bootif ? words.bootif : "none",
				    good->bootif ? good->bootif : "none");
		network_words_done(&words);
		cmdline_done(&cmdline);
	}
}

TEST(refuses_by_name)
{
	for (size_t i = 0; i < ARRAY_SIZE(network_refused); i++) {
		auto_failure struct failure f = { 0 };
		struct network_words words;
		struct cmdline cmdline = { 0 };

		cmdline_add(&cmdline, network_refused[i][0]);
		if (network_words_read(&words, &cmdline, &f) == 0)
			fail_msg("%s is taken", network_refused[i][0]);
		if (!strstr(f.what, network_refused[i][1]) || !f.hint)
			fail_msg("%s: %s", network_refused[i][0], f.what);
		network_words_done(&words);
		cmdline_done(&cmdline);
	}
}

static char *unit(const char *line, const char *text)
{
	auto_failure struct failure f = { 0 };
	struct network_words words;
	struct cmdline cmdline = { 0 };
	char *made;

	cmdline_add(&cmdline, line);
	assert_int_equal(network_words_read(&words, &cmdline, &f), 0);
	made = network_unit_text(&words, text);
	network_words_done(&words);
	cmdline_done(&cmdline);
	return made;
}

TEST(units_get_what_a_root_needs)
{
	static const char all[] = "# x\n[Match]\nKind=!*\n\n[Network]\nDHCP=ipv4\n";
	static const char named[] = "# x\n[Match]\nName=eth0\n\n[Network]\nDHCP=ipv4\n";
	static const char port[] = "# x\n[Match]\nName=eth0\n\n[Network]\nVLAN=vlan5\n";
	static const char server[] = "# x\n[Match]\nKind=!*\n\n[Network]\nDNS=10.0.2.3\n";
	auto_free char *dhcp = unit("ip=dhcp", all),
		       *bootif = unit("BOOTIF=52-54-00-12-34-56", all);
	auto_free char *own = unit("BOOTIF=52-54-00-12-34-56", named), *vlan = unit("", port);
	auto_free char *alone = unit("", server), *none = unit("BOOTIF=52-54-00-12-34-56", NULL);

	assert_non_null(strstr(dhcp, "\nKeepConfiguration=yes\n"));
	assert_non_null(strstr(dhcp, "\nRequestOptions=17\n"));
	assert_non_null(strstr(dhcp, "\nUseDomains=yes\nUseMTU=yes\n"));
	assert_non_null(strstr(dhcp, "\n[DHCPv6]\nUseDomains=yes\n"));
	assert_non_null(strstr(dhcp, "\n[IPv6AcceptRA]\nUseDomains=yes\n"));
	assert_null(strstr(dhcp, "MACAddress"));
	assert_null(strstr(dhcp, "DHCP=yes"));
	assert_non_null(strstr(bootif, "[Match]\nMACAddress=52:54:00:12:34:56\n"));
	assert_null(strstr(own, "MACAddress"));
	assert_null(strstr(vlan, "DHCP=yes"));
	assert_non_null(strstr(alone, "\nDHCP=yes\n"));
	assert_non_null(strstr(none, "\nDHCP=yes\n"));
	assert_non_null(strstr(none, "[Match]\nMACAddress=52:54:00:12:34:56\n"));
}

TEST(units_say_what_the_generator_cannot)
{
	static const char fixed[] = "# x\n[Match]\nName=eth0\n\n[Network]\nDHCP=no\n\n[Address]\n"
				    "Address=10.0.2.15/32\n\n[Route]\nGateway=172.31.1.1\n";
	static const char v6[] = "# x\n[Match]\nName=eth0\n\n[Network]\nDHCP=no\n"
				 "LinkLocalAddressing=no\n\n[Address]\nAddress=fd00::5/64\n";
	static const char all[] = "# x\n[Match]\nKind=!*\n\n[Network]\nDHCP=no\n";
	static const char part[] = "# x\n[Match]\nName=eth1\n\n[Network]\nBond=bond0\n";
	auto_free char *onlink = unit("ip=10.0.2.15::172.31.1.1:32::eth0:none", fixed);
	auto_free char *within = unit("ip=10.0.2.15::10.0.2.2:24::eth0:none", fixed);
	auto_free char *link = unit("ip=[fd00::5]:::64::eth0:none", v6);
	auto_free char *mtu = unit("ip=10.0.2.15:::24:::none:1400", all);
	auto_free char *direct = unit("rd.route=[2001:db8::/48]::eth0 ip=eth0:dhcp", fixed);
	auto_free char *ntp = unit("ip=10.0.2.15:::24::eth0:none:::10.0.2.5", fixed);
	auto_free char *primary = unit("bond=bond0:eth0,eth1:mode=1,primary=eth1", part);
	auto_free char *other = unit("bond=bond0:eth0,eth1:mode=1,primary=eth0", part);

	assert_non_null(strstr(onlink, "\nGateway=172.31.1.1\nGatewayOnLink=yes\n"));
	assert_null(strstr(within, "GatewayOnLink"));
	assert_non_null(strstr(link, "\nLinkLocalAddressing=ipv6\n"));
	assert_non_null(strstr(mtu, "\n[Link]\nMTUBytes=1400\n"));
	assert_non_null(strstr(direct, "\n[Route]\nDestination=2001:db8::/48\n"));
	assert_non_null(strstr(ntp, "\nNTP=10.0.2.5\n"));
	assert_non_null(strstr(primary, "\nPrimarySlave=yes\n"));
	assert_null(strstr(other, "PrimarySlave"));
}

/* Numbers of the kernel's become networkd's names: it has no numbers. */
TEST(bonds_keep_their_options)
{
	static const char *const bonds[][2] = {
		{ "bond=b1:eth0", NULL },
		{ "bond=b1:eth1,eth2:mode=active-backup,miimon=100",
		  "Mode=active-backup\nMIIMonitorSec=100ms\n" },
		{ "bond=b1:e0,e1:mode=4,miimon=100,lacp_rate=1,xmit_hash_policy=2,ad_select=1",
		  "Mode=802.3ad\nMIIMonitorSec=100ms\nLACPTransmitRate=fast\n"
		  "TransmitHashPolicy=layer2+3\nAdSelect=bandwidth\n" },
		{ "bond=b1:e0:mode=1,arp_interval=200,arp_ip_target=10.0.2.2,10.0.2.3,fail_over_"
		  "mac=2",
		  "Mode=active-backup\nARPIntervalSec=200ms\nARPIPTargets=10.0.2.2\n"
		  "ARPIPTargets=10.0.2.3\nFailOverMACPolicy=follow\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(bonds); i++) {
		auto_failure struct failure f = { 0 };
		struct network_words words;
		struct cmdline cmdline = { 0 };
		auto_free char *whole = NULL;
		const char *lines;

		cmdline_add(&cmdline, bonds[i][0]);
		assert_int_equal(network_words_read(&words, &cmdline, &f), 0);
		whole = network_unit_netdev(&words, "# x\n[NetDev]\nName=b1\nKind=bond\n");
		assert_true(strstr(whole, "\n[NetDev]\nMACAddress=none\n"));
		lines = strstr(whole, "\n[Bond]\n");
		assert_string_equal(lines ? lines + strlen("\n[Bond]\n") : "none",
				    bonds[i][1] ? bonds[i][1] : "none");
		network_words_done(&words);
		cmdline_done(&cmdline);
	}
}

TEST(bridges_have_the_mac_of_their_card)
{
	static const struct network_words none;
	auto_free char *bridge =
		network_unit_netdev(&none, "# x\n[NetDev]\nName=br0\nKind=bridge\n");

	assert_true(strstr(bridge, "\n[NetDev]\nMACAddress=none\n"));
	assert_null(network_unit_netdev(&none, "# x\n[NetDev]\nName=vlan5\nKind=vlan\n"));
}

TEST(tells_others_what_they_need)
{
	auto_failure struct failure f = { 0 };
	struct network_words words;
	struct cmdline cmdline = { 0 };

	cmdline_add(&cmdline, "ip=10.0.2.15:10.0.2.1:10.0.2.2:24:host.lab:eth0:none:::10.0.2.5");
	assert_int_equal(network_words_read(&words, &cmdline, &f), 0);
	assert_string_equal(words.hostname, "host.lab");
	assert_string_equal(words.server, "10.0.2.1");
	assert_string_equal(words.ntp, "10.0.2.5");
	assert_true(words.address);
	assert_false(words.dhcp);
	network_words_done(&words);
	cmdline_done(&cmdline);
}

/* Pairs of a line and the interfaces that no word of it makes. */
TEST(what_no_word_makes_is_for_the_images_files)
{
	static const char *const lines[][2] = {
		{ "ip=br0:dhcp", "ip br0" },
		{ "ip=br0:dhcp bridge=br0:eth0", "" },
		{ "ip=br0:dhcp ifname=br0:52:54:00:12:34:56", "" },
		{ "ip=bridge0:dhcp ip=eth0:dhcp", "" },
		{ "ip=vlan5:dhcp ip=vlan5:dhcp6 vlan=eth0.7:bond1", "vlan bond1 ip vlan5" },
		{ "rd.route=10.9.0.0/16:10.0.2.9:br7", "rd.route br7" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		auto_failure struct failure f = { 0 };
		struct network_words words;
		struct cmdline cmdline = { 0 };
		auto_free char *joined = NULL;

		cmdline_add(&cmdline, lines[i][0]);
		assert_int_equal(network_words_read(&words, &cmdline, &f), 0);
		joined = strv_join(words.elsewhere, " ");
		assert_string_equal(joined, lines[i][1]);
		network_words_done(&words);
		cmdline_done(&cmdline);
	}
}

TEST(what_nothing_makes_is_told_by_its_word)
{
	static const char *const elsewhere[] = { "ip", "br0", "vlan", "bond1", NULL };
	static const char *const made[] = { "br0", NULL }, *const all[] = { "bond1", "br0", NULL };
	auto_failure struct failure f = { 0 };

	assert_int_equal(network_words_check_made(NULL, NULL, &f), 0);
	assert_int_equal(network_words_check_made((char *const *)elsewhere, (char *const *)all, &f),
			 0);
	assert_true(network_words_check_made((char *const *)elsewhere, (char *const *)made, &f) <
		    0);
	assert_string_equal(f.what, "vlan=: nothing makes bond1");
}

TEST(a_netdev_file_tells_what_it_makes)
{
	static const char *const files[][2] = {
		{ "[NetDev]\nName=br0\nKind=bridge\n", "br0" },
		{ "# x\n[Match]\nName=no\n\n [NetDev]\n\tName = lan.5 \nKind=vlan\n[VLAN]\nId=5\n",
		  "lan.5" },
		{ "[NetDev]\nKind=bridge\n[Bridge]\nName=no\n", "none" },
		{ "", "none" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		auto_free char *name = network_unit_made(files[i][0]);

		assert_string_equal(name ? name : "none", files[i][1]);
	}
}

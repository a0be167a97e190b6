// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ip= and the like: what becomes of each spelling of dracut.cmdline(7), what is refused, and that
 * the real systemd-network-generator takes the words that come out.
 */
#include "src/rootovl/settings/network_words.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define GENERATOR "/usr/lib/systemd/systemd-network-generator"

static const struct {
	const char *line, *words, *bootif;
} good[] = {
	{ "rootovl root=x", "", NULL },
	{ "ip=dhcp", "ip=dhcp", NULL },
	{ "ip=on", "ip=on", NULL },
	{ "ip=any", "ip=any", NULL },
	{ "ip=single-dhcp", "ip=dhcp", NULL },
	{ "ip=both", "ip=any", NULL },
	{ "ip=auto6", "ip=auto6", NULL },
	{ "ip=dhcp6", "ip=dhcp6", NULL },
	{ "ip=either6", "ip=either6", NULL },
	{ "ip=link6", "ip=link6", NULL },
	{ "ip=link-local", "ip=link6", NULL },
	{ "ip=none", "ip=none", NULL },
	{ "ip=eth0:dhcp", "ip=eth0:dhcp", NULL },
	{ "ip=eth0:single-dhcp", "ip=eth0:dhcp", NULL },
	{ "ip=eth0:auto6:1400", "ip=eth0:auto6:1400", NULL },
	{ "ip=eth0:dhcp:1400:52:54:00:12:34:56", "ip=eth0:dhcp:1400:52:54:00:12:34:56", NULL },
	{ "ip=eth0:dhcp::52:54:00:12:34:56", "ip=eth0:dhcp::52:54:00:12:34:56", NULL },
	{ "ip=10.0.2.15::10.0.2.2:255.255.255.0:host:eth0:none",
	  "ip=10.0.2.15::10.0.2.2:255.255.255.0:host:eth0:none", NULL },
	{ "ip=10.0.2.15::10.0.2.2:24::eth0:off:10.0.2.3:10.0.2.4",
	  "ip=10.0.2.15::10.0.2.2:24::eth0:off:10.0.2.3:10.0.2.4", NULL },
	{ "ip=10.0.2.15::10.0.2.2:255.255.255.0:host:eth0",
	  "ip=10.0.2.15::10.0.2.2:255.255.255.0:host:eth0:none", NULL },
	{ "ip=:::::eth0", "ip=:::::eth0:dhcp", NULL },
	{ "ip=::::host:eth0:dhcp", "ip=::::host:eth0:dhcp", NULL },
	{ "ip=:::::eth0:both", "ip=:::::eth0:any", NULL },
	{ "ip=[fd00::5]::[fd00::1]:64:host:eth0:none", "ip=[fd00::5]::[fd00::1]:64:host:eth0:none",
	  NULL },
	{ "ip=eth0:dhcp ip=eth1:dhcp bootdev=eth0", "ip=eth0:dhcp ip=eth1:dhcp bootdev=eth0",
	  NULL },
	{ "nameserver=10.0.2.3 nameserver=[fd00::3] nameserver=fd00::4",
	  "nameserver=10.0.2.3 nameserver=fd00::3 nameserver=fd00::4", NULL },
	{ "rd.route=10.9.0.0/16:10.0.2.9:eth0", "rd.route=10.9.0.0/16:10.0.2.9:eth0", NULL },
	{ "rd.route=10.9.0.0/16:10.0.2.9", "rd.route=10.9.0.0/16:10.0.2.9", NULL },
	{ "rd.route=[2001:db8:3::/48]:[2001:db8:2::1]:ens10",
	  "rd.route=[2001:db8:3::/48]:[2001:db8:2::1]:ens10", NULL },
	{ "rd.peerdns=0", "rd.peerdns=0", NULL },
	{ "ifname=bootnet:52:54:00:12:34:56 ip=bootnet:dhcp",
	  "ifname=bootnet:52:54:00:12:34:56 ip=bootnet:dhcp", NULL },
	{ "vlan=vlan5:eth0 ip=vlan5:dhcp", "vlan=vlan5:eth0 ip=vlan5:dhcp", NULL },
	{ "vlan=vlan0005:eth0", "vlan=vlan0005:eth0", NULL },
	{ "vlan=eth0.5:eth0", "vlan=eth0.5:eth0", NULL },
	{ "bridge=br0:eth0,eth1", "bridge=br0:eth0,eth1", NULL },
	{ "bond=bond0:eth0,eth1", "bond=bond0:eth0,eth1", NULL },
	{ "bond=bond0:eth0,eth1:mode=802.3ad,miimon=100",
	  "bond=bond0:eth0,eth1:mode=802.3ad,miimon=100", NULL },
	{ "bond=bond0:eth0::9000", "bond=bond0:eth0::9000", NULL },
	{ "ip=dhcp BOOTIF=01-52-54-00-12-34-56", "ip=dhcp", "52:54:00:12:34:56" },
	{ "BOOTIF=52:54:00:ab:cd:ef", "", "52:54:00:ab:cd:ef" },
	{ "BOOTIF=52-54-00-ab-cd-ef", "", "52:54:00:ab:cd:ef" },
	{ "BOOTIF=01-52-54-00-12-34-56 rd.bootif=0", "", NULL },
	{ "rd.bootif=0 BOOTIF=01-52-54-00-12-34-56", "", NULL },
	{ "ip nameserver", "", NULL },
};

/* What is refused, and a part of what is said. */
static const char *const refused[][2] = {
	{ "ip=", "bad value of ip: \"\"" },
	{ "ip=dhpc", "bad value of ip: \"dhpc\"" },
	{ "ip=eth0:dhpc", "bad value of ip: \"eth0:dhpc\"" },
	{ "ip=eth0", "bad value of ip" },
	{ "ip=10.0.2.15", "bad value of ip" },
	{ "ip=10.0.2.999::10.0.2.2:24::eth0:none", "bad value of ip" },
	{ "ip=10.0.2.15::10.0.2.2:255.0.255.0::eth0:none", "bad value of ip" },
	{ "ip=10.0.2.15::10.0.2:24::eth0:none", "bad value of ip" },
	{ "ip=10.0.2.15::10.0.2.2:24::eth0:nope", "bad value of ip" },
	{ "ip=10.0.2.15:10.0.2.1/24:10.0.2.2:24::eth0:none", "bad value of ip" },
	{ "ip=10.0.2.15::10.0.2.2:24::a/b:none", "bad value of ip" },
	{ "ip=[fd00::5::[fd00::1]:64::eth0:none", "bad value of ip" },
	{ "ip=a-name-too-long-for-it:dhcp", "bad value of ip" },
	{ "ip=eth0:dhcp:1400:52:54:00:12:34", "bad value of ip" },
	{ "ip=eth0:dhcp:mtu", "bad value of ip" },
	{ "\"ip=10.0.2.15::10.0.2.2:24:a host:eth0:none\"", "bad value of ip" },
	{ "ip=10.0.2.15::10.0.2.2:24::eth0:none:dns", "bad value of ip" },
	{ "ip=ibft", "ip=ibft: networkd does not read" },
	{ "ip=eth0:ibft", "does not read the firmware's iSCSI table" },
	{ "nameserver=dns", "bad value of nameserver" },
	{ "nameserver=10.0.2.3:53", "bad value of nameserver" },
	{ "rd.route=10.9.0.0:10.0.2.9", "bad value of rd.route" },
	{ "rd.route=10.9.0.0/33:10.0.2.9", "bad value of rd.route" },
	{ "rd.route=10.9.0.0/16", "bad value of rd.route" },
	{ "rd.route=10.9.0.0/16:gw", "bad value of rd.route" },
	{ "ifname=bootnet", "bad value of ifname" },
	{ "ifname=bootnet:52:54:00:12:34", "bad value of ifname" },
	{ "ifname=bootnet:52:54:00:12:34:5g", "bad value of ifname" },
	{ "vlan=vlan:eth0", "bad value of vlan" },
	{ "vlan=vlan5000:eth0", "bad value of vlan" },
	{ "vlan=vlan5", "bad value of vlan" },
	{ "bridge=br0", "bad value of bridge" },
	{ "bond=bond0", "bad value of bond" },
	{ "bond=bond0:eth0:speed=9", "bad value of bond" },
	{ "bond=bond0:eth0:mode=", "bad value of bond" },
	{ "\"bond=bond0:eth0::9000 x\"", "bad value of bond" },
	{ "bootdev=a/b", "bad value of bootdev" },
	{ "BOOTIF=eth0", "bad value of BOOTIF" },
	{ "BOOTIF=01-52-54-00-12", "bad value of BOOTIF" },
	{ "rd.peerdns=maybe", "bad value of rd.peerdns" },
	{ "team=team0:eth0", "team=team0:eth0: networkd has no teams" },
};

static void accepts_dracuts_spellings(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		auto_failure struct failure f = { 0 };
		struct network_words words;
		struct cmdline cmdline = { 0 };
		auto_free char *joined = NULL;

		cmdline_add(&cmdline, good[i].line);
		if (network_words_read(&words, &cmdline, &f) < 0)
			fail_msg("%s: %s", good[i].line, f.what);
		joined = words.words ? strv_join(words.words, " ") : xstrdup("");
		assert_string_equal(joined, good[i].words);
		assert_string_equal(words.bootif ? words.bootif : "none",
				    good[i].bootif ? good[i].bootif : "none");
		network_words_done(&words);
		cmdline_done(&cmdline);
	}
}

static void refuses_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		auto_failure struct failure f = { 0 };
		struct network_words words;
		struct cmdline cmdline = { 0 };

		cmdline_add(&cmdline, refused[i][0]);
		if (network_words_read(&words, &cmdline, &f) == 0)
			fail_msg("%s is taken", refused[i][0]);
		if (!strstr(f.what, refused[i][1]) || !f.hint)
			fail_msg("%s: %s", refused[i][0], f.what);
		network_words_done(&words);
		cmdline_done(&cmdline);
	}
}

/* Each accepted line alone, as `rootovl network` would give it. */
static void the_generator_takes_them(void **state)
{
	(void)state;
	if (access(GENERATOR, X_OK) < 0)
		skip();
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		auto_failure struct failure f = { 0 };
		char dir[] = "/tmp/network-words-XXXXXX";
		auto_free char *root = NULL;
		auto_strv char **words = strv_split(good[i].words, " ");
		auto_strv char **argv = NULL;
		int r;

		assert_non_null(mkdtemp(dir));
		root = xasprintf("--root=%s", dir);
		strv_add(&argv, xstrdup(GENERATOR));
		strv_add(&argv, xstrdup(root));
		strv_add(&argv, xstrdup("--"));
		for (char **word = words; word && *word; word++)
			strv_add(&argv, xstrdup(*word));
		r = program_run(
			&(struct program){ .argv = (const char *const *)argv, .output = -1 }, NULL,
			&f);
		program_run(
			&(struct program){ .argv = (const char *const[]){ "rm", "-rf", dir, NULL },
					   .output = -1 },
			NULL, &f);
		if (r != 0)
			fail_msg("%s: exit status %d", good[i].words, r);
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
	made = network_words_unit(&words, text);
	network_words_done(&words);
	cmdline_done(&cmdline);
	return made;
}

static void units_get_what_a_root_needs(void **state)
{
	static const char all[] = "# x\n[Match]\nKind=!*\n\n[Network]\nDHCP=ipv4\n";
	static const char named[] = "# x\n[Match]\nName=eth0\n\n[Network]\nDHCP=ipv4\n";
	static const char port[] = "# x\n[Match]\nName=eth0\n\n[Network]\nVLAN=vlan5\n";
	static const char server[] = "# x\n[Match]\nKind=!*\n\n[Network]\nDNS=10.0.2.3\n";
	auto_free char *dhcp = unit("ip=dhcp", all),
		       *bootif = unit("BOOTIF=52-54-00-12-34-56", all);
	auto_free char *own = unit("BOOTIF=52-54-00-12-34-56", named), *vlan = unit("", port);
	auto_free char *alone = unit("", server), *none = unit("BOOTIF=52-54-00-12-34-56", NULL);

	(void)state;
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

static void bonds_keep_their_options(void **state)
{
	auto_failure struct failure f = { 0 };
	struct network_words words;
	struct cmdline cmdline = { 0 };

	(void)state;
	cmdline_add(&cmdline, "bond=b0:eth0 bond=b1:eth1,eth2:mode=active-backup,miimon=100");
	assert_int_equal(network_words_read(&words, &cmdline, &f), 0);
	assert_null(network_words_netdev(&words, "b0"));
	assert_string_equal(network_words_netdev(&words, "b1"),
			    "Mode=active-backup\nMIIMonitorSec=100ms\n");
	network_words_done(&words);
	cmdline_done(&cmdline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_dracuts_spellings),
		cmocka_unit_test(refuses_by_name),
		cmocka_unit_test(the_generator_takes_them),
		cmocka_unit_test(units_get_what_a_root_needs),
		cmocka_unit_test(bonds_keep_their_options),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("network words", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What a machine may reach: the words of a host file, the servers of a script, the rules. */
#include "src/testbox/plan/reach.h"
#include "src/common/mem.h"
#include "src/testbox/download/reach_resolve.h"
#include "src/testbox/plan/reach_rule.h"
#include "src/testbox/plan/reach_script.h"
#include "tests/unit/unit.h"

#include <string.h>

static void reads(const char *word, const char *expected)
{
	struct reach reach = { 0 };
	auto_free char *text = NULL;
	int r = reach_read(&reach, word);

	text = reach_text(&reach);
	if (expected) {
		assert_int_equal(r, 0);
		assert_string_equal(text, expected);
	} else {
		assert_true(r < 0);
		assert_string_equal(text, "");
	}
	reach_done(&reach);
}

TEST(words_of_a_host_file)
{
	reads("all", "all");
	reads("fs.example.org", "fs.example.org");
	reads("fs:445", "fs:445");
	reads("10.1.2.3", "10.1.2.3");
	reads("10.1.2.3:80", "10.1.2.3:80");
	reads("10.0.0.0/8", "10.0.0.0/8");
	reads("fd00::1", "fd00::1");
	reads("[fd00::1]:80", "[fd00::1]:80");
	reads("[fd00::1]", "fd00::1");
	reads("fd00::/64", "fd00::/64");
}

TEST(words_that_are_no_server)
{
	static const char *const words[] = { "",	 "fs:",		"fs:0",	      "fs:65536",
					     "fs:x",	 "10.0.0.0/33", "fs/24",      "10.0.0.0/",
					     "[fd00::1", "[fd00::1]x",	"fd00::/129", "a b",
					     "-fs",	 "f\x1bs",	"/8" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		reads(words[i], NULL);
}

static void names_of_line(const char *line, const char *expected)
{
	const struct boot_script script = { .args = (char *)line };
	struct reach reach = { 0 };
	auto_free char *text = NULL;

	reach_script_add(&reach, &script, NULL, NULL);
	text = reach_text(&reach);
	assert_string_equal(text, expected);
	reach_done(&reach);
}

TEST(servers_of_a_kernel_line)
{
	names_of_line("root=cifs://fs/os/debian,guest ro", "fs:445");
	names_of_line("root=cifs://u:p@10.0.2.2:4450/os", "10.0.2.2:4450");
	names_of_line("root=cifs://fs/os,port=4450", "fs:4450");
	names_of_line("root=nfs:10.0.2.2:/srv/os:ro,port=2050", "10.0.2.2:2050");
	names_of_line("root=nfs:10.1.1.1:/srv/os", "10.1.1.1:2049");
	names_of_line("root=/dev/nfs nfsroot=fs:/srv/os", "fs:2049");
	names_of_line("root=nbd:fs:os", "fs:10809");
	names_of_line("root=live:https://fs:8443/r.squashfs", "fs:8443");
	names_of_line("root=virtiofs:rootfs nameserver=10.9.9.9", "10.9.9.9:53");
	names_of_line("LKP_SERVER=lkp SCHED_HOST=s SCHED_PORT=3000", "lkp, s:3000");
	names_of_line("job=http://[fd00::1]/x rootovl.hostname=box", "[fd00::1]:80");
	names_of_line("root=/dev/vda ro quiet", "");
	names_of_line("hostname=nobody x=/srv/a HOST=", "");
}

TEST(servers_of_a_script)
{
	char kernel[] = "https://kernels/vmlinuz", web[] = "http://web:8080/a", b[] = "file:///b";
	char *initrds[] = { web, b, NULL };
	const struct boot_script script = { .kernel = kernel, .initrds = initrds };
	struct reach reach = { 0 };
	auto_free char *text = NULL;

	reach_script_add(&reach, &script, "x_server=lab", "ws://sched:3000/ws?a=://b");
	text = reach_text(&reach);
	assert_string_equal(text, "sched:3000, kernels:443, web:8080, lab");
	reach_done(&reach);
}

static bool allows(const struct reach_rules *rules, const char *address, unsigned port)
{
	struct address read;

	assert_int_equal(address_read(address, &read), 0);
	return reach_rules_allow(rules, &read, port);
}

static struct reach_rules rules_of(const char *words, bool script, unsigned kinds)
{
	auto_strv char **list = strv_split(words, " ");
	struct reach_rules rules = { 0 };
	struct reach reach = { 0 };

	for (size_t i = 0; list && list[i]; i++)
		assert_int_equal(reach_read(&reach, list[i]), 0);
	if (script)
		reach_resolve_script(&reach, kinds, &rules);
	else
		reach_resolve_host(&reach, &rules);
	reach_done(&reach);
	return rules;
}

TEST(a_host_file_allows_what_it_names)
{
	struct reach_rules rules = rules_of("10.1.0.0/16 10.2.0.1:80 fd00::/64", false, 0);

	assert_true(allows(&rules, "10.1.255.255", 22));
	assert_false(allows(&rules, "10.2.0.0", 22));
	assert_true(allows(&rules, "10.2.0.1", 80));
	assert_false(allows(&rules, "10.2.0.1", 22));
	assert_false(allows(&rules, "10.2.0.1", 0));
	assert_true(allows(&rules, "fd00::7", 1));
	assert_false(allows(&rules, "fd00:0:0:1::7", 1));
	reach_rules_done(&rules);
}

TEST(a_wide_network_has_no_loopback_and_no_metadata)
{
	struct reach_rules rules = rules_of("0.0.0.0/0 ::/0", false, 0);

	assert_true(allows(&rules, "8.8.8.8", 53));
	assert_true(allows(&rules, "2001:db8::1", 53));
	assert_false(allows(&rules, "169.254.169.254", 80));
	assert_false(allows(&rules, "fe80::1", 80));
	assert_false(allows(&rules, "100.100.100.200", 80));
	assert_false(allows(&rules, REACH_GATEWAY, 80));
	assert_false(allows(&rules, REACH_GATEWAY_V6, 80));
	reach_rules_done(&rules);
	rules = rules_of("169.254.169.254:80 127.0.0.1:8602 [::1]:8603", false, 0);
	assert_true(allows(&rules, "169.254.169.254", 80));
	assert_true(allows(&rules, REACH_GATEWAY, 8602));
	assert_false(allows(&rules, REACH_GATEWAY, 8603));
	assert_true(allows(&rules, REACH_GATEWAY_V6, 8603));
	assert_false(allows(&rules, "127.0.0.1", 80));
	reach_rules_done(&rules);
}

TEST(an_address_in_another_one_is_of_its_kind)
{
	static const struct {
		const char *address;
		unsigned kind;
	} cases[] = {
		{ "::ffff:127.0.0.1", ADDRESS_LOOPBACK },
		{ "::ffff:169.254.169.254", ADDRESS_LINK },
		{ "::127.0.0.1", ADDRESS_LOOPBACK },
		{ "64:ff9b::127.0.0.1", ADDRESS_LOOPBACK },
		{ "64:ff9b::169.254.169.254", ADDRESS_LINK },
		{ "64:ff9b:1::a9fe:a9fe", ADDRESS_LINK },
		{ "2002:7f00:1::1", ADDRESS_LOOPBACK },
		{ "2002:a9fe:a9fe::", ADDRESS_LINK },
		{ "0.0.0.0", ADDRESS_LOOPBACK },
		{ "0.1.2.3", ADDRESS_LOOPBACK },
		{ "168.63.129.16", ADDRESS_LINK },
		{ "64:ff9b::10.1.1.1", 0 },
		{ "2002:a01:101::1", 0 },
		{ "::ffff:10.1.1.1", 0 },
		{ "64:ff9c::127.0.0.1", 0 },
		{ "10.127.0.1", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct address address;

		assert_int_equal(address_read(cases[i].address, &address), 0);
		assert_int_equal(address_kind(&address), cases[i].kind);
	}
}

TEST(a_script_opens_the_loopback_only_where_its_server_is)
{
	const char *words = "10.0.2.2:4450 169.254.169.254:80 10.1.1.1:80";
	struct reach_rules rules = rules_of(words, true, 0);

	assert_false(allows(&rules, REACH_GATEWAY, 4450));
	assert_false(allows(&rules, "169.254.169.254", 80));
	assert_true(allows(&rules, "10.1.1.1", 22));
	reach_rules_done(&rules);
	rules = rules_of(words, true, ADDRESS_LOOPBACK);
	assert_true(allows(&rules, REACH_GATEWAY, 4450));
	assert_false(allows(&rules, REACH_GATEWAY, 22));
	assert_false(allows(&rules, "169.254.169.254", 80));
	reach_rules_done(&rules);
	rules = rules_of("127.0.0.1", true, REACH_ALL_KINDS);
	assert_false(allows(&rules, REACH_GATEWAY, 22));
	reach_rules_done(&rules);
}

TEST(a_rule_is_read_as_it_is_written)
{
	static const char *const texts[] = { "10.1.0.0/112:0", "fd00::/64:80", "::1/128:65535" };
	static const char *const bad[] = { "",	       "10.1.0.0",   "10.1.0.0/112", "x/1:1",
					   "::/129:1", "::/1:65536", "::/1:1x" };
	struct reach_rule rule;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		auto_free char *text = NULL;

		assert_int_equal(reach_rule_read(texts[i], &rule), 0);
		text = reach_rule_text(&rule);
		assert_string_equal(text, texts[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_true(reach_rule_read(bad[i], &rule) < 0);
}

TEST(the_kinds_of_a_url_are_those_of_its_host)
{
	assert_int_equal(reach_resolve_kinds("http://127.0.0.1:80/x"), ADDRESS_LOOPBACK);
	assert_int_equal(reach_resolve_kinds("http://[::ffff:127.0.0.1]/x"), ADDRESS_LOOPBACK);
	assert_int_equal(reach_resolve_kinds("http://169.254.169.254/"), ADDRESS_LINK);
	assert_int_equal(reach_resolve_kinds("ws://10.1.1.1:3000/ws"), 0);
	assert_int_equal(reach_resolve_kinds(NULL), REACH_ALL_KINDS);
}

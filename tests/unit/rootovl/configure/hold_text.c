// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests the configuration of network managers and udev for the interface that carries the root. */
#include "src/rootovl/configure/hold_text.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include <unistd.h>

static const struct card nic = { "ens2", 2, "52:54:00:aa:bb:05", "52:54:00:aa:bb:05", "ether" };
static const struct card port = { "ens3", 3, "52:54:00:aa:bb:05", "52:54:00:aa:bb:06", "ether" };
static const struct card vlan = { "vlan5", 4, "52:54:00:aa:bb:05", "", "vlan" };
static const struct card odd = { "a\"b", 5, "", "", "ether" };

static void is(char *text, const char *expected)
{
	assert_string_equal(text ? text : "none", expected);
	free(text);
}

TEST(hardware_is_held_by_its_address)
{
	is(hold_text_match(&nic), "MACAddress=52:54:00:aa:bb:05\nType=ether\n");
	is(hold_text_device(&nic), "mac:52:54:00:aa:bb:05");
	is(hold_text_rule(&nic), "none");
}

TEST(a_port_of_a_bond_is_told_from_the_others)
{
	is(hold_text_match(&port), "MACAddress=52:54:00:aa:bb:05\n"
				   "PermanentMACAddress=52:54:00:aa:bb:06\nType=ether\n");
	is(hold_text_device(&port), "mac:52:54:00:aa:bb:06");
}

TEST(what_is_made_by_software_keeps_its_name)
{
	is(hold_text_match(&vlan), "Name=vlan5\n");
	is(hold_text_device(&vlan), "interface-name:=vlan5");
	is(hold_text_rule(&vlan), "SUBSYSTEM==\"net\", KERNEL==\"vlan5\", NAME:=\"vlan5\"\n");
	/* No rule that another could read in another way. */
	is(hold_text_rule(&odd), "none");
}

static int run(const char *script, const char *word, const char *name)
{
	auto_failure struct failure f = { 0 };
	const char *const argv[] = { "sh", "-c", script, "sh", word, name, NULL };

	return program_run(&(struct program){ .argv = argv, .output = -1 }, NULL, &f);
}

/* The interface with the number 1 is lo in every network namespace. */
TEST(ifupdown_is_told_the_present_names)
{
	const struct card lo = { "was-another", 1, "", "", "loopback" };
	const struct card none = { "was-another", 100000, "", "", "ether" };
	char path[] = "/tmp/hold-text-XXXXXX";
	int fd = mkstemp(path);
	auto_free char *script = hold_text_script(&lo, 1, path);
	auto_free char *other = hold_text_script(&none, 1, path);
	char text[64] = "";

	assert_true(fd >= 0);
	assert_int_equal(run(script, "list", NULL), 0);
	assert_true(pread(fd, text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, "EXCLUDE_INTERFACES=\" lo \"\n");
	assert_int_equal(run(script, "free", "lo"), 1);
	assert_int_equal(run(script, "free", "l"), 0);
	assert_int_equal(run(other, "free", "lo"), 0);
	close(fd);
	unlink(path);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Which lines can do without systemd in the initramfs. */
#include "src/rootovl/settings/way.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <errno.h>

/* The word that asks for the long way; "": none does. The caller's. */
static char *long_because(const char *words)
{
	auto_free char *text = xasprintf("rootovl root=nfs:files:/srv/os %s", words);
	auto_failure struct failure f = { 0 };
	struct cmdline cmdline = { 0 };
	struct settings settings = { 0 };
	char *why;

	cmdline_add(&cmdline, text);
	assert_int_equal(settings_read(&settings, &cmdline, &f), 0);
	why = settings.long_because ? xstrdup(settings.long_because) : xstrdup("");
	settings_done(&settings);
	cmdline_done(&cmdline);
	return why;
}

static void expect(const char *const *lines, bool is_long)
{
	for (; *lines; lines++) {
		auto_free char *why = long_because(*lines);

		if ((*why != '\0') != is_long)
			fail_msg("\"%s\": %s", *lines, *why ? why : "the short way");
	}
}

TEST(lines_of_farms_take_the_short_way)
{
	static const char *const lines[] = {
		"ip=dhcp",
		"ip=10.0.0.5::10.0.0.1:24:box:eth0:none",
		"ip=dhcp6",
		"BOOTIF=01-52-54-00-12-34-56",
		"ifname=lan:52:54:00:12:34:56 ip=lan:dhcp",
		"rd.neednet=1 rd.peerdns=0 rd.route=10.9.0.0/16:10.0.0.1 rd.shell",
		"rootovl.upper=LABEL=scratch rootovl.cache=yes",
		"rootfs_disk=/dev/sda",
		"rootovl.way=auto systemd.unit=rescue.target bonding.max_bonds=0 vlanish=1",
		NULL,
	};

	expect(lines, false);
}

TEST(what_only_systemd_can_do_takes_the_long_way)
{
	static const char *const lines[] = {
		"rootovl.way=long",
		"bond=bond0:eth0,eth1 ip=bond0:dhcp",
		"vlan=eth0.5:eth0 ip=eth0.5:dhcp",
		"bridge=br0:eth0 ip=br0:dhcp",
		"rd.break",
		"rd.break=pre-mount",
		"rd.shell=0",
		"rd.luks.uuid=1234",
		"rd.lvm.lv=vg/root",
		"rd.systemd.unit=emergency.target",
		"rd_break rd.driver.blacklist=virtio_net",
		"mount.usr=LABEL=usr",
		"rootovl.upper=/dev/disk/by-id/virtio-scratch",
		"rootfs_disk=/dev/vda,/dev/disk/by-path/pci-0000:00:05.0",
		NULL,
	};

	expect(lines, true);
}

TEST(the_word_that_asks_for_the_long_way_is_named)
{
	auto_free char *asked = long_because("rootovl.way=long rd.break");
	auto_free char *word = long_because("rd.break=pre-mount");

	assert_string_equal(asked, "rootovl.way=long");
	assert_string_equal(word, "rd.break=");
}

TEST(an_image_without_systemd_refuses_them)
{
	auto_failure struct failure f = { 0 };
	struct settings settings = { .enabled = true };

	assert_int_equal(way_check_without_systemd(&settings, &f), 0);
	settings.long_because = (char *)"rd.break=";
	assert_int_equal(way_check_without_systemd(&settings, &f), -ENOEXEC);
	assert_string_equal(f.what,
			    "rd.break= needs systemd in the initramfs, and this image has none");
	settings.enabled = false;
	assert_int_equal(way_check_without_systemd(&settings, &f), -ENOEXEC);
	assert_string_equal(f.hint, "put rootovl on the kernel line");
}

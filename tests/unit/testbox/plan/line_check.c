// SPDX-License-Identifier: GPL-2.0-or-later
/* What is said of kernel lines before a machine boots with them. */
#include "src/testbox/plan/line_check.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <string.h>

static const struct line_image lean = { .ours = true, .alone = true };
static const struct line_image with_dracut = { .ours = true, .alone = false };
static const struct line_image foreign = { .ours = false, .alone = false };

/* The failure, or the warning, or "". Owned. */
static char *said_of(const struct line_image *image, size_t disks, char *hardware, const char *args)
{
	const struct host host = { .n_disks = disks, .cmdline = hardware };
	auto_failure struct failure f = { 0 };
	char *warning = NULL;

	if (line_check(image, &host, args, &warning, &f) == 0)
		return warning ? warning : xstrdup("");
	assert_null(warning);
	return log_failure_text(&f);
}

static void says(const struct line_image *image, size_t disks, const char *args,
		 const char *expected)
{
	auto_free char *said = said_of(image, disks, NULL, args);

	assert_string_equal(said, expected);
}

TEST(a_good_line_is_not_talked_about)
{
	says(&lean, 0, "rootovl ro root=cifs://1.2.3.4/os,guest ip=dhcp quiet", "");
	says(&lean, 2, "rootovl root=nfs:/x rootfs_disk=/dev/vda./dev/vdb", "");
	says(&lean, 1, "local rw root=1.2.3.4:/os/x-20210101 rootfs_disk=/dev/vda", "");
	says(&lean, 0, "rootovl root=dhcp rootovl.credentials=/c", "");
}

TEST(an_image_without_systemd_takes_no_line_of_the_long_way)
{
	const struct line_image short_only = { .ours = true, .alone = true, .short_only = true };

	says(&short_only, 0, "rootovl root=nfs:/x rd.break",
	     "kernel line: rd.break= needs systemd in the initramfs, and this image has none "
	     "(build the image without --way short, or leave the word out)");
	says(&short_only, 0, "rootovl root=nfs:/x", "");
	says(&lean, 0, "rootovl root=nfs:/x rd.break", "");
}

TEST(words_of_an_initrd_may_mend_a_line)
{
	const struct line_image words = { .ours = true, .alone = true, .words = true };

	says(&words, 0, "console=ttyS0",
	     "kernel line: rootovl is not switched on, and nothing else in the image makes a "
	     "root; /etc/cmdline.d of an initrd may mend it");
	says(&words, 0, "rootovl root=nfs:/x", "");
}

TEST(what_rootovl_plan_refuses_is_refused_in_its_words)
{
	says(&lean, 0, "rootovl root=cifs://1.2.3.4:99999/os",
	     "kernel line: root=: bad port behind the host (a port is a number from 1 to 65535)");
	says(&with_dracut, 0, "rootovl",
	     "kernel line: rootovl is on, but there is no root= parameter (say where the lower is: "
	     "root=cifs://… or root=nfs:…)");
	says(&lean, 0, "rootovl rootovl.timeuot=3 root=nfs:/x",
	     "kernel line: unknown parameter \"rootovl.timeuot\" (did you mean rootovl.timeout? "
	     "rootovl.cmdline(7) lists them all)");
	says(&lean, 0, "rootovl root=nfs4:h:/x rootflags=vers=3",
	     "kernel line: root=nfs4: and the option vers=3 contradict one another (write nfs: in "
	     "place of nfs4:)");
	says(&lean, 0, "rootovl root=nfs:/x rootovl.copy=/a:/proc",
	     "kernel line: rootovl.copy=/a:/proc: the booted system mounts its own over it (choose "
	     "another destination)");
	says(&lean, 0, "rootovl root=virtiofs:x ip=1.2.3",
	     "kernel line: bad value of ip: \"1.2.3\" (ip=METHOD, ip=INTERFACE:METHOD or "
	     "ip=ADDRESS:SERVER:GATEWAY:NETMASK:HOSTNAME:INTERFACE:METHOD, METHOD being dhcp, "
	     "dhcp6, "
	     "auto6, any, link6 or none)");
}

TEST(a_line_that_starts_nothing_is_refused)
{
	static const char expected[] = "kernel line: rootovl is not switched on, and nothing else "
				       "in the image makes a root (put rootovl on it)";

	says(&lean, 0, "ro root=cifs://1.2.3.4/os", expected);
	says(&lean, 0, "rootovl=no root=cifs://1.2.3.4/os", expected);
	says(&lean, 0, "", expected);
	says(&with_dracut, 0, "ro root=/dev/vda1", "");
}

TEST(the_line_of_another_program_is_left_alone)
{
	says(&lean, 0, "rootovl ro rdinit=/sbin/init prompt_ramdisk=0", "");
	says(&foreign, 0, "rootovl root=cifs://x:y:z", "");
	says(&lean, 0, "rdinit=/init",
	     "kernel line: rootovl is not switched on, and nothing else in the image makes a root "
	     "(put rootovl on it)");
}

#define HINT                                                                                       \
	" (give it disks: rootfs_disk, hdd_partitions or disks in the host file, # nr_disk= in "   \
	"the "                                                                                     \
	"script)"

TEST(a_disk_that_the_machine_has_not_is_told)
{
	says(&lean, 1, "rootovl root=nfs:/x rootfs_disk=/dev/vdb",
	     "kernel line: rootfs_disk=/dev/vdb: the machine has no such disk: it has "
	     "/dev/vda" HINT);
	says(&lean, 0, "rootovl root=nfs:/x rootfs_disk=/dev/vda",
	     "kernel line: rootfs_disk=/dev/vda: the machine has no such disk: it has none" HINT);
	says(&lean, 2, "rootovl root=nfs:/x rootfs_disk=/dev/vda,/dev/vdc",
	     "kernel line: rootfs_disk=/dev/vdc: the machine has no such disk: it has /dev/vda to "
	     "/dev/vdb" HINT);
	says(&lean, 1, "rootovl root=nfs:/x rootovl.upper=/dev/sda",
	     "kernel line: rootovl.upper=/dev/sda: the machine has no such disk: it has "
	     "/dev/vda" HINT);
	says(&lean, 0, "rootovl root=/dev/vda1",
	     "kernel line: root=/dev/vda1: the machine has no such disk: it has none" HINT);
	says(&lean, 1, "rootovl root=nfs:/x rootfs_disk=/dev/disk/by-id/ata-ST8000_Z.A",
	     "kernel line: rootfs_disk=/dev/disk/by-id/ata-ST8000_Z.A: the machine has no such "
	     "disk: it has /dev/vda" HINT);
	says(&lean, 1, "rootovl root=nfs:/x rootfs_disk=/dev/disk/by-id/virtio-disk-1", "");
	says(&lean, 0, "rootovl root=LABEL=os rootovl.upper=/dev/mapper/a-b", "");
}

TEST(another_image_may_do_without_that_disk)
{
	says(&foreign, 0, "rootovl root=cifs://1.2.3.4/os rootfs_disk=/dev/vdb",
	     "kernel line: rootfs_disk=/dev/vdb: the machine has no such disk: it has none");
	says(&foreign, 2, "rootovl root=cifs://1.2.3.4/os rootfs_disk=/dev/vdb", "");
	says(&lean, 0, "rdinit=/sbin/init rootfs_disk=/dev/vda",
	     "kernel line: rootfs_disk=/dev/vda: the machine has no such disk: it has none");
}

TEST(the_host_file_s_words_are_on_the_line_too)
{
	char hardware[] = "rootovl rootovl.size=10%";
	auto_free char *good = said_of(&lean, 0, hardware, "root=nfs:/x");
	auto_free char *bad = said_of(&lean, 0, hardware, "root=nfs:/x rootovl.upper=LABEL=u");

	assert_string_equal(good, "");
	assert_string_equal(bad, "kernel line: rootovl.size= and rootovl.inodes= are of the tmpfs; "
				 "the file system of rootovl.upper= is as large as it is (leave it "
				 "out)");
}

TEST(a_line_that_the_kernel_would_cut_off_is_refused)
{
	char hardware[1001] = "";
	char args[1100] = "";
	auto_free char *said = NULL;

	memset(hardware, 'h', sizeof(hardware) - 1);
	memset(args, 'a', sizeof(args) - 1);
	said = said_of(&foreign, 0, hardware, args);
	assert_string_equal(said,
			    "kernel line: it has 2100 bytes, and the kernel reads 2047 (shorten "
			    "kernel_cmdline_hw of the host file, or the script's)");
}

TEST(no_password_is_said)
{
	auto_free char *said = said_of(&lean, 0, NULL,
				       "rootovl root=cifs://u:S3CRET@1.2.3.4/os cifspass=S3CRET "
				       "rootflags=rw,password=S3CRET");

	assert_string_not_equal(said, "");
	assert_null(strstr(said, "S3CRET"));
}

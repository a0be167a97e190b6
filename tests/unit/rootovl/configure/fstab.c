// SPDX-License-Identifier: GPL-2.0-or-later
/* Making the text of an fstab safe. */
#include "src/rootovl/configure/fstab.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/crypttab.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

/* The payload, where a test has one. */
static const char *payload;

static bool hides(void *arg, const char *dir)
{
	(void)arg;
	return payload && strcmp(dir, payload) == 0;
}

static char *safe_text(const char *text)
{
	auto_mount_table struct mount_table *table = mount_table_new();
	char *safe = NULL;

	table->hides = hides;
	strv_add(&table->lost, xstrdup("/dev/mapper/lost"));
	assert_int_equal(fstab_read(text, table), 0);
	mount_table_judge(table);
	assert_int_equal(fstab_safe_text(text, table, 0, &safe), 0);
	return safe;
}

/* Asserts what a text becomes, and that nothing more is done to that. */
static void becomes(const char *text, const char *expected)
{
	auto_free char *safe = safe_text(text), *again = NULL;

	assert_non_null(safe);
	assert_string_equal(safe, expected);
	again = safe_text(safe);
	assert_null(again);
}

static void stays(const char *text)
{
	auto_free char *safe = safe_text(text);

	assert_null(safe);
}

/* Asserts that the one line is commented out. */
static void goes(const char *line)
{
	auto_free char *gone = xasprintf(FSTAB_MARK "%s", line);

	becomes(line, gone);
}

TEST(what_is_no_entry_stays_byte_for_byte)
{
	stays("");
	stays("\n\n");
	stays("# / comment\n  # another /  ext4\n\t\n \r\n");
	stays("no-newline-and-no-directory");
	stays("#/dev/sda1 / ext4 defaults 0 1");
}

TEST(entries_for_the_root_are_commented_out)
{
	becomes("UUID=1 / ext4 errors=remount-ro 0 1\n",
		"# rootovl: UUID=1 / ext4 errors=remount-ro 0 1\n");
	becomes("\t/dev/sda1\t/\text4\n", "# rootovl: \t/dev/sda1\t/\text4\n");
	becomes("a / b nofail", "# rootovl: a / b nofail");
	becomes("a / b noauto\n", "# rootovl: a / b noauto\n");
	becomes("a // b\na \\057 b\na /",
		"# rootovl: a // b\n# rootovl: a \\057 b\n# rootovl: a /");
	becomes("a /. b c\na /./ b c\n", "# rootovl: a /. b c\n# rootovl: a /./ b c\n");
	becomes("a /.x b c\n", "a /.x b c,nofail\n");
}

TEST(swap_is_commented_out)
{
	becomes("UUID=2 none swap sw 0 0\n", "# rootovl: UUID=2 none swap sw 0 0\n");
	becomes("UUID=2 swap swap defaults 0 0", "# rootovl: UUID=2 swap swap defaults 0 0");
	becomes("/file swap", "# rootovl: /file swap");
	/* only the whole word */
	becomes("x /swap ext4 sw", "x /swap ext4 sw,nofail");
}

TEST(other_entries_get_nofail_behind_their_options)
{
	becomes("s:/x /mnt nfs defaults 0 2\n", "s:/x /mnt nfs defaults,nofail 0 2\n");
	becomes("s:/x\t/mnt\tnfs\trw,noatime\t0\t2 # why\n",
		"s:/x\t/mnt\tnfs\trw,noatime,nofail\t0\t2 # why\n");
	becomes("  a  /b  c  d  ", "  a  /b  c  d,nofail  ");
	becomes("a /\\040 c d", "a /\\040 c d,nofail");
	/* options that only look like it */
	becomes("a /b c x-nofail 0 0", "a /b c x-nofail,nofail 0 0");
	becomes("a /b c nofails,noautox", "a /b c nofails,noautox,nofail");
}

TEST(entries_that_cannot_stop_a_boot_stay)
{
	stays("a /b c nofail\na /b c rw,nofail,ro 0 0\na /b c noauto\na /b c x,noauto");
}

TEST(fields_that_are_absent_are_filled_in)
{
	becomes("a /b c\n", "a /b c defaults,nofail\n");
	becomes("a /b c  \t", "a /b c defaults,nofail  \t");
	becomes("a /b", "a /b auto defaults,nofail");
}

TEST(line_ends_stay_what_they_are)
{
	becomes("a /b c d\r\nx / y z\r\n#\r\n", "a /b c d,nofail\r\n# rootovl: x / y z\r\n#\r\n");
	becomes("a /b c d", "a /b c d,nofail");
	becomes("\n\na /b c d\n\n", "\n\na /b c d,nofail\n\n");
}

TEST(a_disk_gets_a_short_timeout_too)
{
	becomes("UUID=3 /data ext4 defaults 0 2\n",
		"UUID=3 /data ext4 defaults,nofail,x-systemd.device-timeout=30s 0 2\n");
	becomes("/dev/sdb1 /data\n",
		"/dev/sdb1 /data auto defaults,nofail,x-systemd.device-timeout=30s\n");
	becomes("LABEL=d /data xfs x-systemd.device-timeout=5s 0 2",
		"LABEL=d /data xfs x-systemd.device-timeout=5s,nofail 0 2");
	stays("LABEL=d /data xfs nofail,x-systemd.device-timeout=1h");
	/* one without an end is none */
	becomes("LABEL=d /data xfs x-systemd.device-timeout=infinity,ro 0 2",
		"LABEL=d /data xfs ro,nofail,x-systemd.device-timeout=30s 0 2");
	becomes("LABEL=d /data xfs nofail,x-systemd.device-timeout=0",
		"LABEL=d /data xfs nofail,x-systemd.device-timeout=30s");
	stays("LABEL=d /data xfs noauto");
	stays("LABEL=d /data xfs noauto,x-systemd.automount");
}

TEST(a_disk_on_a_directory_of_the_root_goes)
{
	static const char *const dirs[] = { "/usr",	 "/var",     "/var/lib/docker",
					    "/boot/efi", "/home",    "/tmp",
					    "/etc",	 "/opt",     "/srv",
					    "/root",	 "/lkp",     "/usr/local",
					    "/boot",	 "//var//",  "/./var/.",
					    "/x/../var", "/v\\141r", "/home/a\\040b",
					    "/efi" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		auto_free char *uuid = xasprintf("UUID=1 %s ext4 defaults 0 2", dirs[i]);
		auto_free char *node = xasprintf("/dev/mapper/vg-x %s xfs nofail", dirs[i]);
		auto_free char *mapped = xasprintf("PARTLABEL=x %s btrfs noauto,subvol=@", dirs[i]);
		auto_free char *pool = xasprintf("tank/x %s zfs defaults", dirs[i]);

		goes(uuid);
		goes(node);
		goes(mapped);
		goes(pool);
	}
	stays("UUID=1 /variety ext4 noauto");
}

TEST(mounts_that_wait_for_no_disk_stay)
{
	stays("proc /proc proc nofail\ntmpfs /tmp tmpfs mode=1777,nofail\n"
	      "none /dev/hugepages hugetlbfs nofail\ndevpts /dev/pts devpts nofail\n"
	      "tmpfs /var/log tmpfs nofail,x-systemd.before=a.service\n"
	      "cgroup /sys/fs/cgroup cgroup nofail\n/srv/lib /var/lib/x none bind,nofail\n"
	      "/root.img /var/lib/y ext4 loop,nofail\n");
	becomes("tmpfs /tmp tmpfs mode=1777 0 0", "tmpfs /tmp tmpfs mode=1777,nofail 0 0");
}

TEST(a_servers_folder_stays_but_not_where_the_root_waits_for_it)
{
	becomes("10.1.0.250:/home /home nfs defaults,_netdev 0 0",
		"10.1.0.250:/home /home nfs defaults,_netdev,nofail 0 0");
	becomes("//s/x /srv/x cifs guest", "//s/x /srv/x cifs guest,nofail");
	becomes("s:/opt /opt/intel nfs4 ro", "s:/opt /opt/intel nfs4 ro,nofail");
	goes("s:/var /var nfs nofail");
	goes("s:/usr /usr nfs ro");
	goes("s:/lib /var/lib nfs ro");
	goes("s:/x /etc/x nfs ro");
	goes("//s/tmp /tmp cifs guest");
}

TEST(what_waits_for_a_mount_is_taken_away)
{
	becomes("UUID=1 /data ext4 defaults,x-systemd.required-by=multi-user.target 0 2",
		"UUID=1 /data ext4 defaults,nofail,x-systemd.device-timeout=30s 0 2");
	becomes("UUID=1 /data ext4 x-systemd.before=a.service,rw,x-systemd.wanted-by=b.target,"
		"x-initrd.mount,usrquota,jqfmt=vfsv0,usrjquota=q",
		"UUID=1 /data ext4 rw,nofail,x-systemd.device-timeout=30s");
	becomes("UUID=1 /data ext4 x-initrd.mount 0 2",
		"UUID=1 /data ext4 defaults,nofail,x-systemd.device-timeout=30s 0 2");
	becomes("UUID=1 /data ext4 noauto,x-systemd.required-by=a.service",
		"UUID=1 /data ext4 noauto");
	becomes("s:/x /x nfs x-systemd.required-by=a.service,nofail", "s:/x /x nfs nofail");
}

TEST(a_bind_is_as_what_it_binds)
{
	becomes("UUID=1 /m ext4 rw\n/m/.tool /root/.tool none bind,x-systemd.before=a.service\n"
		"/m/x /y none rbind\n",
		"UUID=1 /m ext4 rw,nofail,x-systemd.device-timeout=30s\n"
		"# rootovl: /m/.tool /root/.tool none bind,x-systemd.before=a.service\n"
		"/m/x /y none rbind,nofail\n");
	/* in any order, and over any number of binds */
	becomes("/c /d none bind\n/b /c none bind\n/home/b /b none bind\nUUID=1 /home ext4 rw\n",
		"# rootovl: /c /d none bind\n# rootovl: /b /c none bind\n"
		"# rootovl: /home/b /b none bind\n# rootovl: UUID=1 /home ext4 rw\n");
	becomes("UUID=1 /home ext4 rw\n/home/x.iso /mnt iso9660 loop\n",
		"# rootovl: UUID=1 /home ext4 rw\n# rootovl: /home/x.iso /mnt iso9660 loop\n");
	/* an overlay as the layer that it writes to */
	becomes("UUID=1 /m ext4 rw\n"
		"overlay /usr/share overlay lowerdir=/usr/share,upperdir=/m/a,workdir=/m/b\n"
		"overlay /x overlay lowerdir=/m/a:/usr\n"
		"overlay /y overlay lowerdir=/usr,upperdir=/srv/a,workdir=/srv/b,nofail\n",
		"UUID=1 /m ext4 rw,nofail,x-systemd.device-timeout=30s\n"
		"# rootovl: overlay /usr/share overlay "
		"lowerdir=/usr/share,upperdir=/m/a,workdir=/m/b\n"
		"overlay /x overlay lowerdir=/m/a:/usr,nofail\n"
		"overlay /y overlay lowerdir=/usr,upperdir=/srv/a,workdir=/srv/b,nofail\n");
	/* in circles */
	becomes("/a /b none bind\n/b /a none bind\n",
		"/a /b none bind,nofail\n/b /a none bind,nofail\n");
}

TEST(what_would_hide_the_payload_goes)
{
	payload = "/opt";
	goes("s:/opt /opt nfs ro");
	goes("/srv/opt /opt none bind");
	goes("tmpfs /opt// tmpfs rw");
	stays("s:/opt /opt/intel nfs ro,nofail");
	payload = "/tmp";
	stays("tmpfs /tmp tmpfs nofail");
	payload = NULL;
	stays("s:/opt /opt nfs ro,nofail");
}

TEST(a_device_that_cannot_come_is_not_waited_for)
{
	goes("/dev/mapper/lost /data ext4 defaults 0 2");
	goes("/dev/mapper/lost /data ext4 noauto");
}

TEST(too_many_mounts_are_refused)
{
	auto_mount_table struct mount_table *table = mount_table_new();
	auto_free char *text = xcalloc(MOUNTS_MAX + 1, 5);

	for (size_t i = 0; i < MOUNTS_MAX; i++)
		strcpy(text + i * 4, "a b\n");
	assert_int_equal(fstab_read(text, table), 0);
	mount_table_judge(table);
	assert_int_equal(fstab_read("a b", table), -E2BIG);
}

TEST(a_debian_fstab_is_made_safe)
{
	becomes("# /etc/fstab: static file system information.\n"
		"#\n"
		"# <file system> <mount point>   <type>  <options>       <dump>  <pass>\n"
		"UUID=6f7 /               ext4    errors=remount-ro 0       1\n"
		"# /home was on /dev/sda3 during installation\n"
		"UUID=8a1 /home           ext4    defaults        0       2\n"
		"UUID=9c2 none            swap    sw              0       0\n"
		"/dev/sr0        /media/cdrom0   udf,iso9660 user,noauto     0       0\n",
		"# /etc/fstab: static file system information.\n"
		"#\n"
		"# <file system> <mount point>   <type>  <options>       <dump>  <pass>\n"
		"# rootovl: UUID=6f7 /               ext4    errors=remount-ro 0       1\n"
		"# /home was on /dev/sda3 during installation\n"
		"# rootovl: UUID=8a1 /home           ext4    defaults        0       2\n"
		"# rootovl: UUID=9c2 none            swap    sw              0       0\n"
		"/dev/sr0        /media/cdrom0   udf,iso9660 user,noauto     0       0\n");
}

TEST(every_volume_of_crypttab_is_commented_out)
{
	auto_free char *safe = NULL, *again = NULL;
	auto_strv char **names = NULL, **none = NULL;

	assert_int_equal(
		crypttab_safe_text("# <name>\n\n  data UUID=4 none luks\r\ncswap\t/dev/sda5 "
				   "/dev/urandom swap\nlast",
				   &names, &safe),
		0);
	assert_string_equal(safe, "# <name>\n\n# rootovl:   data UUID=4 none luks\r\n# rootovl: "
				  "cswap\t/dev/sda5 /dev/urandom swap\n# rootovl: last");
	assert_int_equal(strv_len(names), 3);
	assert_string_equal(names[0], "data");
	assert_string_equal(names[1], "cswap");
	assert_string_equal(names[2], "last");
	assert_int_equal(crypttab_safe_text(safe, &none, &again), 0);
	assert_null(again);
	assert_null(none);
}

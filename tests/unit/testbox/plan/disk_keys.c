// SPDX-License-Identifier: GPL-2.0-or-later
/* How many disks the keys of host files and jobs ask for. */
#include "src/testbox/plan/disk_keys.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

/* What lines "KEY: VALUE" come to. */
static unsigned count_of(const char *text)
{
	auto_strv char **lines = strv_split(text, "\n");
	struct disk_keys keys = { 0 };

	for (size_t i = 0; lines && lines[i]; i++) {
		auto_failure struct failure f = { 0 };
		char *colon = strchr(lines[i], ':');

		*colon = '\0';
		assert_int_equal(disk_keys_take(&keys, lines[i], colon + 1, &f), 1);
	}
	return disk_keys_count(&keys);
}

TEST(nothing_said_is_no_disk)
{
	assert_int_equal(count_of(""), 0);
	assert_int_equal(count_of("swap_partitions: \nhdd_partitions:"), 0);
	assert_int_equal(count_of("nr_hdd_partitions:0"), 0);
}

TEST(names_say_how_many_as_compass_ci_counts_them)
{
	assert_int_equal(count_of("hdd_partitions:/dev/vdb\nrootfs_disk:/dev/vda"), 2);
	assert_int_equal(count_of("hdd_partitions:/dev/vdb"), 2);
	assert_int_equal(count_of("rootfs_disk:/dev/vda"), 1);
	assert_int_equal(count_of("rootfs_disk:/dev/vdb"), 2);
	assert_int_equal(count_of("rootfs_disk:/dev/vda /dev/vdb\nhdd_partitions:/dev/vdc"), 3);
	assert_int_equal(count_of("hdd_partitions: /dev/vdb /dev/vdc  /dev/vdd"), 4);
	assert_int_equal(count_of("hdd_partitions:/dev/vde"), 5);
	assert_int_equal(count_of("ssd_partitions:/dev/vdb\nhdd_partitions:/dev/vdc"), 3);
	assert_int_equal(count_of("rootfs_partition:/dev/vda1\nswap_partitions:/dev/vda2"), 1);
}

TEST(names_of_real_machines_are_disks_too)
{
	assert_int_equal(count_of("hdd_partitions:/dev/disk/by-id/ata-X.Y-part1 /dev/sdb1\n"
				  "ssd_partitions:/dev/nvme0n1\n"
				  "rootfs_partition:/dev/disk/by-id/ata-X-part5"),
			 5);
}

TEST(a_number_counts_in_place_of_names)
{
	assert_int_equal(count_of("nr_hdd_partitions:6\nhdd_partitions:/dev/disk/by-id/x-part*"),
			 7);
	assert_int_equal(count_of("nr_hdd_partitions:2\nnr_ssd_partitions:1"), 4);
	assert_int_equal(count_of("nr_ssd_partitions:1\nhdd_partitions:/dev/vdb"), 3);
	assert_int_equal(count_of("nr_hdd_partitions:\nhdd_partitions:/dev/vdb"), 2);
}

TEST(other_keys_and_odd_numbers_are_told_apart)
{
	static const char *const bad[] = { "many", "-1", "1.5", "1000", "99999999999", "1 2" };
	struct disk_keys keys = { 0 };

	assert_int_equal(disk_keys_take(&keys, "memory", "8G", NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		auto_failure struct failure f = { 0 };

		assert_int_equal(disk_keys_take(&keys, "nr_hdd_partitions", bad[i], &f), -EINVAL);
	}
}

TEST(a_partition_names_its_disk)
{
	assert_int_equal(disk_keys_number("/dev/vda"), 1);
	assert_int_equal(disk_keys_number("/dev/vdb12"), 2);
	assert_int_equal(disk_keys_number("/dev/vd"), 0);
	assert_int_equal(disk_keys_number("/dev/vdaa"), 0);
	assert_int_equal(disk_keys_number("/dev/sda"), 0);
	assert_int_equal(disk_keys_number("LABEL=x"), 0);
}

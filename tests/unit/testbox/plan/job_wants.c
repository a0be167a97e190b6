// SPDX-License-Identifier: GPL-2.0-or-later
/* What job files ask of their machine, and what a kernel line asks of its kernel. */
#include "src/testbox/plan/job_wants.h"
#include "src/common/mem.h"
#include "src/testbox/plan/host_read.h"
#include "src/testbox/plan/kernel_needs.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#define GIB (1ull << 30)

/* What comes out of a jail is what went in; an answer that is cut is a lie. */
static void through_a_jail(struct job_wants *wants)
{
	auto_failure struct failure f = { 0 };
	auto_free char *answer = NULL;
	size_t len;
	FILE *out = open_memstream(&answer, &len);

	job_wants_put(out, wants);
	fclose(out);
	job_wants_done(wants);
	assert_int_equal(job_wants_take(answer, len - 1, wants, &f), -EPROTO);
	job_wants_done(wants);
	assert_int_equal(job_wants_take(answer, len, wants, &f), 0);
}

/* The host of this name and file (NULL: none) that the job gets. */
static void gets(const char *name, const char *file, const char *job, unsigned cpus,
		 uint64_t memory, size_t disks)
{
	auto_failure struct failure f = { 0 };
	struct job_wants wants;
	struct host host;
	int r = job_wants_read(job, &wants, &f);

	if (r == 0)
		through_a_jail(&wants);
	if (r == 0)
		r = host_read(&host, name, "host", file, &f);
	if (r == 0)
		r = host_ask(&host, &wants.wishes, &f);
	if (r < 0)
		fail_msg("%s", f.what);
	assert_int_equal(host.cpus, cpus);
	assert_int_equal(host.memory, memory);
	assert_int_equal(host.n_disks, disks);
	host_done(&host);
	job_wants_done(&wants);
}

TEST(a_job_sizes_its_machine_where_the_file_does_not)
{
	gets("vm-2p8g-1", NULL, "suite: boot\n", 2, 8 * GIB, 0);
	gets("vm-2p8g-1", NULL, "nr_cpu: 4\nmemory: 16G\n", 4, 16 * GIB, 0);
	gets("vm-2p8g-1", "nr_cpu: 1\nmemory: 2G\n", "nr_cpu: 4\nmemory: 16G\n", 1, 2 * GIB, 0);
	gets("vm-2p8g-1", "nr_cpu: 1\n", "nr_cpu: 4\nmemory: 16G\n", 1, 16 * GIB, 0);
	gets("vm-2p8g-1", NULL, "cpu_minimum: 4\nmemory_minimum: 16\n", 4, 16 * GIB, 0);
	gets("vm-2p8g-1", NULL, "cpu_minimum: 1\nmemory_minimum: 512M\n", 2, 8 * GIB, 0);
	gets("vm-2p8g-1", NULL, "nr_cpu:\nmemory: ~\n", 2, 8 * GIB, 0);
}

TEST(a_job_gets_the_disks_that_it_wants)
{
	gets("vm-2p8g-1", NULL, "nr_hdd_partitions: 4\n", 2, 8 * GIB, 5);
	gets("vm-2p8g-1", NULL, "nr_hdd_partitions: 1\nnr_ssd_partitions: 2\n", 2, 8 * GIB, 4);
	gets("vm-2p8g-1", NULL, "ssd_partitions: [/dev/nvme0n1p1, /dev/nvme0n1p2]\n", 2, 8 * GIB,
	     3);
	gets("vm-2p8g-1", "disks: [{size: 1G}, {size: 1G}, {size: 1G}]\n", "nr_hdd_partitions: 1\n",
	     2, 8 * GIB, 3);
}

static void exports(const char *job, const char *expected)
{
	auto_failure struct failure f = { 0 };
	struct job_wants wants;

	assert_int_equal(job_wants_read(job, &wants, &f), 0);
	if (expected)
		assert_string_equal(wants.exports, expected);
	else
		assert_null(wants.exports);
	job_wants_done(&wants);
}

TEST(partitions_get_the_names_of_the_machine_s_disks)
{
	exports("suite: boot\n", NULL);
	exports("nr_hdd_partitions: 2\n", "\texport hdd_partitions='/dev/vdb /dev/vdc'");
	exports("hdd_partitions: /dev/sda1\nssd_partitions:\n- /dev/sdb1\n- /dev/sdb2\n"
		"swap_partitions: LABEL=SWAP\nrootfs_partition: LABEL=ROOT\n",
		"\texport hdd_partitions='/dev/vdb'\n"
		"\texport ssd_partitions='/dev/vdc /dev/vdd'\n"
		"\texport rootfs_partition='/dev/vde'\n"
		"\texport swap_partitions='/dev/vdf'");
	exports("hdd_partitions: /dev/vdb /dev/vdc\n", NULL);
}

static void refused(const char *job, const char *what)
{
	auto_failure struct failure f = { 0 };
	struct job_wants wants;

	assert_int_equal(job_wants_read(job, &wants, &f), -EINVAL);
	assert_string_equal(f.what, what);
	job_wants_done(&wants);
}

TEST(values_that_are_none_are_refused_with_their_line)
{
	refused("a: 1\nnr_cpu: many\n", "line 2: nr_cpu: a number is wanted");
	refused("nr_cpu: 0\n", "line 1: nr_cpu: a number is wanted");
	refused("nr_cpu: [1]\n", "line 1: nr_cpu: a number is wanted");
	refused("memory: 8X\n", "line 1: memory: a size such as 8G is wanted");
	refused("memory_minimum: -1\n", "line 1: memory_minimum: a size such as 8G is wanted");
}

static void needs(const char *args, const char *expected)
{
	auto_free char *line = xasprintf("rootovl %s", args);
	auto_strv char **modules = kernel_needs(line);
	auto_free char *joined = strv_join(modules, " ");
	const char *machine = "virtio_pci virtio_net ";

	assert_int_equal(strncmp(joined, machine, strlen(machine)), 0);
	assert_string_equal(joined + strlen(machine), expected);
}

TEST(a_kernel_needs_what_the_boot_will_load_and_the_machine_s_devices)
{
	needs("root=virtiofs:rootfs", "overlay virtiofs");
	needs("root=9p:rootfs", "overlay 9pnet_virtio 9p");
	needs("root=cifs://1.2.3.4/os", "overlay cifs");
	needs("root=cifs://1.2.3.4/os,vers=1.0", "overlay cifs");
	needs("root=/dev/cifs cifsroot=//1.2.3.4/os,seal", "overlay cifs");
	needs("root=nfs4:1.2.3.4:/x", "overlay nfs");
	needs("root=1.2.3.4:/srv/os", "overlay nfs");
	needs("root=nbd:1.2.3.4", "overlay nbd");
	needs("root=live:http://1.2.3.4/x.img", "overlay loop");
	needs("root=dhcp", "overlay");
	needs("root=PARTLABEL=x", "virtio_blk overlay");
	needs("root=/dev/disk/by-id/virtio-disk-1", "virtio_blk overlay");
	needs("root=virtiofs:x rootovl.upper=LABEL=x", "virtio_blk overlay virtiofs");
	needs("root=virtiofs:x rootfs-disk=/dev/vdb", "virtio_blk overlay virtiofs dm_mod");
	needs("root=virtiofs:x rootovl.personality=LABEL=x",
	      "overlay virtiofs sr_mod isofs virtio_console");
}

TEST(a_line_without_a_plan_needs_only_the_machine_s_devices)
{
	auto_strv char **off = kernel_needs("root=/dev/vda"), **bad = kernel_needs("rootovl root=");
	auto_free char *modules = strv_join(off, " "), *of_bad = strv_join(bad, " ");

	assert_string_equal(modules, "virtio_pci virtio_net");
	assert_string_equal(of_bad, "virtio_pci virtio_net");
}

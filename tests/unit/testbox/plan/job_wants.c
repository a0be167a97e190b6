// SPDX-License-Identifier: GPL-2.0-or-later
/* What job files ask of their machine, and what a kernel line asks of its kernel. */
#include "src/testbox/plan/job_wants.h"
#include "src/common/mem.h"
#include "src/testbox/plan/host_read.h"
#include "src/testbox/plan/kernel_needs.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define GIB (1ull << 30)

/* The host of this name and file (NULL: none) that the job gets. */
static void gets(const char *name, const char *file, const char *job, unsigned cpus,
		 uint64_t memory, size_t disks)
{
	auto_failure struct failure f = { 0 };
	struct job_wants wants;
	struct host host;
	int r = job_wants_read(job, &wants, &f);

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

static void a_job_sizes_its_machine_where_the_file_does_not(void **state)
{
	(void)state;
	gets("vm-2p8g-1", NULL, "suite: boot\n", 2, 8 * GIB, 0);
	gets("vm-2p8g-1", NULL, "nr_cpu: 4\nmemory: 16G\n", 4, 16 * GIB, 0);
	gets("vm-2p8g-1", "nr_cpu: 1\nmemory: 2G\n", "nr_cpu: 4\nmemory: 16G\n", 1, 2 * GIB, 0);
	gets("vm-2p8g-1", "nr_cpu: 1\n", "nr_cpu: 4\nmemory: 16G\n", 1, 16 * GIB, 0);
	gets("vm-2p8g-1", NULL, "cpu_minimum: 4\nmemory_minimum: 16\n", 4, 16 * GIB, 0);
	gets("vm-2p8g-1", NULL, "cpu_minimum: 1\nmemory_minimum: 512M\n", 2, 8 * GIB, 0);
	gets("vm-2p8g-1", NULL, "nr_cpu:\nmemory: ~\n", 2, 8 * GIB, 0);
}

static void a_job_gets_the_disks_that_it_wants(void **state)
{
	(void)state;
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

static void partitions_get_the_names_of_the_machine_s_disks(void **state)
{
	(void)state;
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

static void values_that_are_none_are_refused_with_their_line(void **state)
{
	(void)state;
	refused("a: 1\nnr_cpu: many\n", "line 2: nr_cpu: a number is wanted");
	refused("nr_cpu: 0\n", "line 1: nr_cpu: a number is wanted");
	refused("nr_cpu: [1]\n", "line 1: nr_cpu: a number is wanted");
	refused("memory: 8X\n", "line 1: memory: a size such as 8G is wanted");
	refused("memory_minimum: -1\n", "line 1: memory_minimum: a size such as 8G is wanted");
}

static void needs(const char *args, const char *expected)
{
	auto_strv char **modules = kernel_needs(args);
	auto_free char *joined = strv_join(modules, " ");

	assert_string_equal(joined, expected);
}

static void a_kernel_needs_what_its_line_asks_for(void **state)
{
	(void)state;
	needs("", "virtio_pci overlay");
	needs("ip=dhcp root=virtiofs:rootfs", "virtio_pci overlay virtio_net virtiofs");
	needs("root=cifs://h/os ip=dhcp", "virtio_pci overlay virtio_net cifs");
	needs("root=LABEL=x rootfs_disk=/dev/vdb", "virtio_pci overlay virtio_blk");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_sizes_its_machine_where_the_file_does_not),
		cmocka_unit_test(a_job_gets_the_disks_that_it_wants),
		cmocka_unit_test(partitions_get_the_names_of_the_machine_s_disks),
		cmocka_unit_test(values_that_are_none_are_refused_with_their_line),
		cmocka_unit_test(a_kernel_needs_what_its_line_asks_for),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("job_wants", tests, NULL, NULL);
}

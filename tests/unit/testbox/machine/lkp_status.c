// SPDX-License-Identifier: GPL-2.0-or-later
/* What files of LKP say about a job, and which ones count. */
#include "src/testbox/machine/lkp_status.h"
#include "src/common/mem.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <sys/stat.h>

/* The status by one file of a folder. */
static int status_by(const char *name, const char *text)
{
	int status;

	tree_file(name, text);
	status = lkp_status(tree_fd, (struct timespec){ 0 });
	assert_int_equal(unlinkat(tree_fd, name, 0), 0);
	return status;
}

TEST(last_state_has_the_status_of_what_failed)
{
	assert_int_equal(status_by("last_state", "test.hackbench.exit_code.127: 1\nexit_fail: 1\n"),
			 127);
	assert_int_equal(status_by("last_state", "a.exit_code.0: 1\nsetup.fs.exit_code.99: 1\n"),
			 99);
	assert_int_equal(status_by("last_state", "is_incomplete_run: 1\n"), 1);
	assert_int_equal(status_by("last_state", "test.x.exit_code.99999999999999999999: 1\n"),
			 255);
	assert_int_equal(status_by("last_state", ""), -1);
}

TEST(job_state_says_whether_it_finished)
{
	assert_int_equal(status_by("job.yaml", "a: 1\njob_state: finished\n"), 0);
	assert_int_equal(status_by("job.yaml", "job_state: running\njob_state: 'failed'\n"), 1);
	assert_int_equal(status_by("job.yaml", "job_state: OOM\n"), 1);
	assert_int_equal(status_by("job.yaml", "job_state: miss_kernel_modules\n"), 1);
	assert_int_equal(status_by("job.yaml", "job_state: running\n"), -1);
	assert_int_equal(status_by("job.yaml", "job_state:\n"), -1);
	assert_int_equal(status_by("job.yaml", "a: job_state: finished\n"), -1);
}

TEST(the_files_of_post_run_are_the_end_of_a_job)
{
	assert_int_equal(status_by("boot-time", "12.3 4.5\n"), 0);
	assert_int_equal(status_by("soft_timeout", ""), 1);
	assert_int_equal(status_by("OOM", ""), 1);
	assert_int_equal(status_by("kmsg", "text\n"), -1);
}

TEST(what_failed_outweighs_what_ended)
{
	tree_file("boot-time", "1 2\n");
	tree_file("job.yaml", "job_state: finished\n");
	assert_int_equal(lkp_status(tree_fd, (struct timespec){ 0 }), 0);
	tree_file("last_state", "test.x.exit_code.3: 1\n");
	assert_int_equal(lkp_status(tree_fd, (struct timespec){ 0 }), 3);
}

TEST(files_of_an_earlier_job_do_not_count)
{
	struct timespec since;

	tree_file("boot-time", "1 2\n");
	tree_file("last_state", "test.x.exit_code.3: 1\n");
	clock_gettime(CLOCK_REALTIME_COARSE, &since);
	since.tv_sec++;
	assert_int_equal(lkp_status(tree_fd, since), -1);
}

TEST(the_machine_s_files_may_be_anything)
{
	auto_free char *fifo = tree_path("job.yaml");

	tree_link("/proc/self/status", "last_state");
	assert_int_equal(mkfifo(fifo, 0644), 0);
	assert_int_equal(lkp_status(tree_fd, (struct timespec){ 0 }), -1);
}

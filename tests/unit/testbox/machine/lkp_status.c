// SPDX-License-Identifier: GPL-2.0-or-later
/* What files of LKP say about a job, and which ones count. */
#include "src/testbox/machine/lkp_status.h"
#include "src/common/files.h"
#include "src/common/mem.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>

#include <cmocka.h>

static void put(const char *dir, const char *name, const char *text)
{
	auto_free char *path = xasprintf("%s/%s", dir, name);

	assert_int_equal(file_write(AT_FDCWD, path, text, 0644), 0);
}

/* The status by one file of a folder. */
static int status_by(const char *name, const char *text)
{
	char dir[] = "/tmp/test-lkp-XXXXXX";
	int status;

	assert_non_null(mkdtemp(dir));
	put(dir, name, text);
	status = lkp_status(dir, (struct timespec){ 0 });
	file_remove_tree(dir);
	return status;
}

static void last_state_has_the_status_of_what_failed(void **state)
{
	(void)state;
	assert_int_equal(status_by("last_state", "test.hackbench.exit_code.127: 1\nexit_fail: 1\n"),
			 127);
	assert_int_equal(status_by("last_state", "a.exit_code.0: 1\nsetup.fs.exit_code.99: 1\n"),
			 99);
	assert_int_equal(status_by("last_state", "is_incomplete_run: 1\n"), 1);
	assert_int_equal(status_by("last_state", "test.x.exit_code.99999999999999999999: 1\n"),
			 255);
	assert_int_equal(status_by("last_state", ""), -1);
}

static void job_state_says_whether_it_finished(void **state)
{
	(void)state;
	assert_int_equal(status_by("job.yaml", "a: 1\njob_state: finished\n"), 0);
	assert_int_equal(status_by("job.yaml", "job_state: running\njob_state: 'failed'\n"), 1);
	assert_int_equal(status_by("job.yaml", "job_state: OOM\n"), 1);
	assert_int_equal(status_by("job.yaml", "job_state: miss_kernel_modules\n"), 1);
	assert_int_equal(status_by("job.yaml", "job_state: running\n"), -1);
	assert_int_equal(status_by("job.yaml", "job_state:\n"), -1);
	assert_int_equal(status_by("job.yaml", "a: job_state: finished\n"), -1);
}

static void the_files_of_post_run_are_the_end_of_a_job(void **state)
{
	(void)state;
	assert_int_equal(status_by("boot-time", "12.3 4.5\n"), 0);
	assert_int_equal(status_by("soft_timeout", ""), 1);
	assert_int_equal(status_by("OOM", ""), 1);
	assert_int_equal(status_by("kmsg", "text\n"), -1);
}

static void what_failed_outweighs_what_ended(void **state)
{
	char dir[] = "/tmp/test-lkp-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(dir));
	put(dir, "boot-time", "1 2\n");
	put(dir, "job.yaml", "job_state: finished\n");
	assert_int_equal(lkp_status(dir, (struct timespec){ 0 }), 0);
	put(dir, "last_state", "test.x.exit_code.3: 1\n");
	assert_int_equal(lkp_status(dir, (struct timespec){ 0 }), 3);
	file_remove_tree(dir);
}

static void files_of_an_earlier_job_do_not_count(void **state)
{
	char dir[] = "/tmp/test-lkp-XXXXXX";
	struct timespec since;

	(void)state;
	assert_non_null(mkdtemp(dir));
	put(dir, "boot-time", "1 2\n");
	put(dir, "last_state", "test.x.exit_code.3: 1\n");
	clock_gettime(CLOCK_REALTIME_COARSE, &since);
	since.tv_sec++;
	assert_int_equal(lkp_status(dir, since), -1);
	file_remove_tree(dir);
}

static void the_machine_s_files_may_be_anything(void **state)
{
	char dir[] = "/tmp/test-lkp-XXXXXX";
	auto_free char *path = NULL, *fifo = NULL;

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = xasprintf("%s/last_state", dir);
	fifo = xasprintf("%s/job.yaml", dir);
	assert_int_equal(symlink("/proc/self/status", path), 0);
	assert_int_equal(mkfifo(fifo, 0644), 0);
	assert_int_equal(lkp_status(dir, (struct timespec){ 0 }), -1);
	file_remove_tree(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(last_state_has_the_status_of_what_failed),
		cmocka_unit_test(job_state_says_whether_it_finished),
		cmocka_unit_test(the_files_of_post_run_are_the_end_of_a_job),
		cmocka_unit_test(what_failed_outweighs_what_ended),
		cmocka_unit_test(files_of_an_earlier_job_do_not_count),
		cmocka_unit_test(the_machine_s_files_may_be_anything),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("lkp_status", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks are compared with the room that the host has, and a part of it stays free. */
#include "src/testbox/machine/room.h"
#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cmocka.h>

#define LOTS (24ull << 44) /* nr_disk=24, disk_size=16T */

static const volatile sig_atomic_t go_on;

static void disks_that_can_never_be_are_refused_at_once(void **state)
{
	auto_failure struct failure f = { 0 };
	struct plan_image image = { .path = (char *)"/none", .size = LOTS };
	const struct machine_plan plan = { .images = &image, .n_images = 1 };
	char dir[] = "/tmp/roomXXXXXX";
	struct box box;

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("TESTBOX_STATE", dir, 1);
	assert_int_equal(box_open(&box, "vm-1p1g-1", &f), 0);
	assert_int_equal(room_wait(&box, &plan, 3600, &go_on, &f), -ENOSPC);
	assert_non_null(strstr(f.what, "disks of 402653184 MiB are asked for"));
	/* A size that nobody gave promises nothing. */
	image.thin = true;
	assert_int_equal(room_wait(&box, &plan, 0, &go_on, &f), 0);
	box_close(&box);
	file_remove_tree(dir);
}

static void what_is_promised_and_a_tenth_are_not_left(void **state)
{
	auto_failure struct failure f = { 0 };
	struct plan_image image = { .path = (char *)"/none" };
	const struct machine_plan plan = { .images = &image, .n_images = 1 };
	char dir[] = "/tmp/roomXXXXXX";
	auto_free char *promise = NULL;
	struct box first, second;
	struct statvfs fs;
	uint64_t left;

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("TESTBOX_STATE", dir, 1);
	assert_int_equal(statvfs(dir, &fs), 0);
	left = room_left(dir);
	assert_true(left <= fs.f_bavail * fs.f_frsize);
	if (left < 1 << 20)
		skip(); /* there is no room here */
	assert_int_equal(box_open(&first, "vm-1p1g-1", &f), 0);
	assert_int_equal(box_open(&second, "vm-1p1g-2", &f), 0);
	/* Others write to this file system meanwhile. */
	image.size = left / 4 * 3;
	assert_int_equal(room_wait(&first, &plan, 0, &go_on, &f), 0);
	assert_true(room_left(dir) < left / 2);
	assert_int_equal(room_wait(&second, &plan, 0, &go_on, &f), -ENOSPC);
	promise = room_file(&first);
	unlink(promise);
	assert_int_equal(room_wait(&second, &plan, 0, &go_on, &f), 0);
	/* In this order: the guard of the second has the descriptors of the first. */
	box_close(&second);
	box_close(&first);
	file_remove_tree(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disks_that_can_never_be_are_refused_at_once),
		cmocka_unit_test(what_is_promised_and_a_tenth_are_not_left),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("room", tests, NULL, NULL);
}

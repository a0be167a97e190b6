// SPDX-License-Identifier: GPL-2.0-or-later
/* What is left of the host's memory, beside that which machines were promised. */
#include "src/testbox/machine/memory.h"
#include "src/common/files.h"
#include "src/common/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define LOTS (1ull << 50)

static void what_a_machine_was_promised_is_not_left(void **state)
{
	auto_failure struct failure f = { 0 };
	char dir[] = "/tmp/memoryXXXXXX";
	auto_free char *path = NULL;
	struct box box;

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("TESTBOX_STATE", dir, 1);
	assert_true(memory_left() > 0);
	assert_int_equal(box_open(&box, "vm-1p1g-1", &f), 0);
	memory_promise(&box, LOTS, 0);
	assert_true(memory_left() == 0);
	/* What it has touched is not available anyway. */
	memory_promise(&box, 1, getpid());
	assert_true(memory_left() > 0);
	/* A launcher that is gone holds nothing, whatever it left. */
	memory_promise(&box, LOTS, getpid());
	assert_true(memory_left() == 0);
	path = memory_file(&box);
	unlink(path);
	assert_true(memory_left() > 0);
	memory_promise(&box, LOTS, 0);
	box_close(&box);
	assert_true(memory_left() > 0);
	file_remove_tree(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_machine_was_promised_is_not_left),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}

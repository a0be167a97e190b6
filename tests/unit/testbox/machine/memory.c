// SPDX-License-Identifier: GPL-2.0-or-later
/* What is left of the host's memory, beside that which machines were promised. */
#include "src/testbox/machine/memory.h"
#include "src/common/mem.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOTS  (1ull << 50)
#define BOXES 8

TEST(what_a_machine_was_promised_is_not_left)
{
	auto_failure struct failure f = { 0 };
	auto_free char *path = NULL;
	struct box box;

	setenv("TESTBOX_STATE", tree, 1);
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
}

/* A launcher: tells by a byte that it is ready, asks at a byte, tells what it got, and stays to the
 * end. */
static void ask(unsigned number, uint64_t wanted, const int *told, const int *asked,
		const int *over)
{
	static const volatile sig_atomic_t stop;
	auto_failure struct failure f = { 0 };
	auto_free char *name = xasprintf("vm-1p1g-%u", number);
	struct box box;
	char c = 'r';

	close(asked[1]);
	close(told[0]);
	close(over[1]);
	if (box_open(&box, name, &f) < 0 || write(told[1], &c, 1) != 1 ||
	    read(asked[0], &c, 1) != 1)
		_exit(1);
	c = memory_wait(&box, wanted, 0, &stop, &f) == 0 ? 'y' : 'n';
	if (write(told[1], &c, 1) != 1 || read(over[0], &c, 1) != 0)
		_exit(1);
	box_close(&box);
	_exit(0);
}

TEST(of_launchers_that_ask_at_once_one_is_promised_it)
{
	char got[BOXES], go[BOXES] = { 0 };
	int told[2], asked[2], over[2], status, promised = 0;
	uint64_t wanted;

	setenv("TESTBOX_STATE", tree, 1);
	wanted = memory_left() / 10 * 6;
	assert_int_equal(pipe2(told, O_CLOEXEC), 0);
	assert_int_equal(pipe2(asked, O_CLOEXEC), 0);
	assert_int_equal(pipe2(over, O_CLOEXEC), 0);
	for (unsigned i = 0; i < BOXES; i++)
		if (fork() == 0)
			ask(i, wanted, told, asked, over);
	close(told[1]);
	close(over[0]);
	for (int i = 0; i < BOXES; i++)
		assert_int_equal(read(told[0], &got[i], 1), 1);
	assert_int_equal(write(asked[1], go, sizeof(go)), sizeof(go));
	for (int i = 0; i < BOXES; i++) {
		assert_int_equal(read(told[0], &got[i], 1), 1);
		promised += got[i] == 'y';
	}
	assert_int_equal(promised, 1);
	close(over[1]);
	for (int i = 0; i < BOXES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	close(told[0]);
	close(asked[0]);
	close(asked[1]);
}

TEST(nothing_is_promised_while_another_launcher_looks)
{
	static const volatile sig_atomic_t stop = 1;
	auto_failure struct failure f = { 0 };
	auto_free char *path = NULL, *lock = tree_path(".memory.lock");
	struct box box;
	int fd;

	setenv("TESTBOX_STATE", tree, 1);
	assert_int_equal(box_open(&box, "vm-1p1g-1", &f), 0);
	fd = open(lock, O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(memory_wait(&box, 1, 0, &stop, &f), -EINTR);
	path = memory_file(&box);
	assert_int_equal(access(path, F_OK), -1);
	close(fd);
	box_close(&box);
}

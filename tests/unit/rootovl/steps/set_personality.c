// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/steps/set_personality.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(a_launcher_that_does_not_read_holds_up_nothing)
{
	auto_failure struct failure f = { 0 };
	char dir[] = "/tmp/portXXXXXX", page[4096] = "";
	auto_free char *port = NULL;
	auto_close int launcher = -1;

	assert_non_null(mkdtemp(dir));
	port = xasprintf("%s/port", dir);
	assert_int_equal(mkfifo(port, 0600), 0);
	launcher = open(port, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	unlink(port);
	rmdir(dir);
	assert_true(launcher >= 0);
	free(port);
	port = xasprintf("/proc/self/fd/%d", launcher);
	while (write(launcher, page, sizeof(page)) > 0)
		continue;
	alarm(20);
	assert_int_equal(personality_tell(port, "ok", 200, &f), -ETIMEDOUT);
	while (read(launcher, page, sizeof(page)) > 0)
		continue;
	assert_int_equal(personality_tell(port, "ok", 200, &f), 0);
	assert_int_equal(read(launcher, page, sizeof(page)), 3);
	assert_memory_equal(page, "ok\n", 3);
	alarm(0);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What tells a lower from another: the text, and a server that does not tell. */
#include "src/rootovl/disk/lower_identity.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

TEST(a_lower_that_lacks_directories_has_an_identity)
{
	auto_close int empty = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_free char *text = lower_identity("nfs a:/b", empty);

	assert_non_null(text);
	assert_int_equal(strncmp(text, "nfs a:/b\n. ", 11), 0);
	assert_non_null(strstr(text, "\nusr/bin 0.000000000\n"));
}

TEST(one_that_does_not_answer_has_none)
{
	auto_free char *text = NULL;

	errno = 0;
	text = lower_identity("nfs a:/b", INT16_MAX);
	assert_null(text);
	assert_int_equal(errno, EBADF);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/lower/server.h"

#include "src/common/clock.h"
#include "src/common/macro.h"
#include "src/rootovl/lower/nbd_root.h"
#include "src/rootovl/machine/wait_child.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLOCK 4096

/*
 * Asks the server by a request that no cache can answer: statfs(2) of its share, or a direct read
 * of its NBD device.
 */
static int ask(void)
{
	static uint8_t block[BLOCK] __attribute__((aligned(BLOCK)));
	auto_close int device = nbd_root_open();
	struct statfs fs;

	if (device >= 0)
		return pread(device, block, BLOCK, 0) == BLOCK ? 0 : 1;
	return statfs(RUN_LOWER, &fs) == 0 || errno == ENOENT ? 0 : 1;
}

unsigned server_silent_s(struct server_question *question, unsigned ms)
{
	int status = 0;

	if (!question->heard)
		question->heard = clock_ms();
	if (!question->child) {
		question->child = fork();
		if (question->child == 0)
			_exit(ask());
	}
	if (question->child > 0 && wait_child(question->child, ms, &status)) {
		question->child = 0;
		/*
		 * A soft mount returns an error after its timeout, which is no answer of the
		 * server.
		 */
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			question->heard = clock_ms();
	}
	if (question->child < 0)
		question->child = 0;
	return (unsigned)((clock_ms() - question->heard) / 1000);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state of a copy on a disk, which another system may have written: what is taken of it is
 * written back as it was.
 */
#include "src/rootovl/disk/copy_state.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <string.h>

static char folder[] = "/dev/shm/fuzz-copy-state-XXXXXX";

static void remove_folder(void)
{
	file_remove_tree(folder);
}

/* The folder of all runs of this process. */
static int open_folder(void)
{
	static int dir = -1;

	if (dir < 0) {
		must(mkdtemp(folder) && atexit(remove_folder) == 0);
		dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		must(dir >= 0);
	}
	return dir;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_copy_state struct copy_state state = { 0 }, again = { 0 };
	auto_free char *text = xstrndup((const char *)data, size);
	int dir = open_folder();

	must(file_write(dir, "state", text, 0600) == 0);
	if (copy_state_read(dir, &state) < 0) {
		must(!state.of);
		return 0;
	}
	must(state.kind == COPY_LARGE ? !state.of : state.of && *state.of);
	must(!state.of || state.of[strlen(state.of) - 1] == '\n');
	must(copy_state_write(dir, &state) == 0 && copy_state_read(dir, &again) == 0);
	must(again.kind == state.kind && again.disk == state.disk && again.tries == state.tries);
	must(again.bytes == state.bytes && again.entries == state.entries);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An initrd: its segments, what is unpacked of them, the archives, the tree that they make, and the
 * findings. Each of these is one line, with a clean path.
 */
#include "initrd-builder/read/verify.h"
#include "src/common/macro.h"
#include "src/common/mem.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>

#define MEMORY (4 << 20) /* a quarter of what is unpacked at most */

/* A few bytes are megabytes when they are unpacked. */
extern const unsigned fuzz_ms, fuzz_large;
const unsigned fuzz_ms = 10000, fuzz_large = 0;

static bool is_line(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	}
	return true;
}

static void check_finding(void *arg, const struct finding *found)
{
	must(found->offset <= *(size_t *)arg);
	must(found->text && *found->text && is_line(found->text));
	must(!found->path || (found->path[0] == '/' && is_line(found->path)));
	must(!found->segment || found->compression);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_verify struct verify *verify = verify_new(check_finding, &size);
	auto_failure struct failure f = { 0 };
	auto_close int fd = memfd_create("initrd", MFD_CLOEXEC);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	verify_memory(verify, MEMORY);
	must(verify_file(verify, "initrd", fd, &f) == 0);
	verify_end(verify);
	return 0;
}

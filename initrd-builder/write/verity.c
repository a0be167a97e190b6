// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/verity.h"

#include "initrd-builder/base/tail.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"
#include "src/common/program.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* Reads the file that --root-hash-file= names: the digits, and no newline. */
static int read_hash(int fd, char ret[2 * VERITY_DIGEST + 1], struct failure *f)
{
	ssize_t n = pread(fd, ret, 2 * VERITY_DIGEST, 0);

	ret[n < 0 ? 0 : n] = '\0';
	if (n == 2 * VERITY_DIGEST && strspn(ret, "0123456789abcdef") == (size_t)n)
		return 0;
	return fail(f, EIO, "cryptsetup 2.4 or later has it", "veritysetup gave no root hash");
}

static int run(int fd, uint64_t data, int hash, struct progress *step, struct failure *f)
{
	const intmax_t pid = getpid();
	unsigned char salt[VERITY_SALT];
	char digits[2 * VERITY_SALT + 1];
	auto_close int said = memfd_create("said", MFD_CLOEXEC);
	auto_free char *image = xasprintf("/proc/%jd/fd/%d", pid, fd);
	auto_free char *offset = xasprintf("--hash-offset=%" PRIu64, data);
	auto_free char *blocks = xasprintf("--data-blocks=%" PRIu64, data / VERITY_BLOCK);
	auto_free char *salted = NULL;
	auto_free char *root = xasprintf("--root-hash-file=/proc/%jd/fd/%d", pid, hash);
	const struct program_watch watch = { &interrupted, progress_tick, step };
	int r;

	verity_image_salt(data, salt);
	for (size_t i = 0; i < sizeof(salt); i++)
		sprintf(digits + 2 * i, "%02x", salt[i]);
	salted = xasprintf("--salt=%s", digits);
	r = program_run(
		&(struct program){ .argv = (const char *const[]){ "veritysetup", "format", image,
								  image, "--hash=" VERITY_ALGORITHM,
								  "--format=1",
								  "--data-block-size=4096",
								  "--hash-block-size=4096", offset,
								  blocks, salted, root, NULL },
				   .output = said },
		&watch, f);
	if (r > 0) {
		auto_free char *line = tail_read(said, 1);

		line[strcspn(line, "\n")] = '\0';
		return fail(f, EIO, "is there room?", "veritysetup failed with status %d: %s", r,
			    line);
	}
	return r;
}

int verity_append(int fd, struct progress *step, char ret[2 * VERITY_DIGEST + 1], struct failure *f)
{
	auto_close int hash = memfd_create("hash", MFD_CLOEXEC);
	struct stat st;
	uint64_t data;
	int r = verity_image_data(fd, &data);

	if (r < 0)
		return fail_errno(f, -r, NULL, "the end of the image's file system");
	/* Both programs fill the last block. A file that is longer has what no tree covers. */
	if (hash < 0 || fstat(fd, &st) < 0)
		return fail_errno(f, errno, NULL, "the image");
	if ((uint64_t)st.st_size > data)
		return fail(f, EIO, "report this with the version of the program that made it",
			    "the image goes on behind its file system");
	if (ftruncate(fd, (off_t)data) < 0)
		return fail_errno(f, errno, NULL, "the image");
	r = run(fd, data, hash, step, f);
	return r < 0 ? r : read_hash(hash, ret, f);
}

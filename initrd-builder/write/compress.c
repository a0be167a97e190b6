// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/compress.h"

#include "src/common/mem.h"

#include <errno.h>
#include <string.h>

/* A block size, so that several processors can work at it, as far as that costs little. */
static const struct compressor {
	const char *name;
	const char *ending;
	const char *argv[2][7]; /* by effort; the path is put behind */
} compressors[] = {
	{ "zstd",
	  ".zst",
	  { { "zstd", "-qf", "-18", "--zstd=wlog=25,mml=3,tlen=128,strat=7", "-T1" },
	    { "zstd", "-qf", "-12", "--long=25", "-T1" } } },
	{ "xz",
	  ".xz",
	  { { "xz", "-kf", "--check=crc32", "--lzma2=dict=1MiB", "-T2" },
	    { "xz", "-kf", "--check=crc32", "--lzma2=preset=1", "-T2" } } },
	{ "gzip", ".gz", { { "gzip", "-kfn", "-9" }, { "gzip", "-kfn", "-6" } } },
};

static const struct compressor *find(const struct compression *compression)
{
	const struct compressor *c = compressors;

	while (strcmp(c->name, compression->name) != 0)
		c++;
	return c;
}

int compress_start(const struct compression *compression, enum compress_effort effort,
		   const char *path, int log_fd, pid_t *ret, struct failure *f)
{
	const struct compressor *c = find(compression);
	const char *argv[ARRAY_SIZE(c->argv[0]) + 1] = { NULL };
	const char *const env[] = { "ZSTD_CLEVEL=", "XZ_OPT=", "XZ_DEFAULTS=", "GZIP=", NULL };
	struct program program = { .argv = argv, .env = env, .output = log_fd };
	size_t n = 0;

	for (; c->argv[effort][n]; n++)
		argv[n] = c->argv[effort][n];
	argv[n] = path;
	return program_start(&program, ret, f);
}

int compress_wait(const struct compression *compression, pid_t pid,
		  const struct program_watch *watch, struct failure *f)
{
	int r = program_wait(pid, watch, f);

	return r > 0 ? fail(f, EIO, "is there room in TMPDIR?", "%s failed with status %d",
			    compression->name, r)
		     : r;
}

char *compress_result(const struct compression *compression, const char *path)
{
	return xasprintf("%s%s", path, find(compression)->ending);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/verify_whole.h"

#include "initrd-builder/read/verify_tell.h"
#include "src/common/mem.h"

#include <inttypes.h>

/* The job that rootovl hands over: rootovl(8). It is expected where anything else of LKP is. */
static void check_job(struct verify *verify)
{
	static const char *const files[] = { "lkp/scheduled/job.yaml", "lkp/scheduled/job.sh" };

	if (!verify->entry.lkp || !(verify->entry.scheduled || verify->read.image))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (!tree_follow(verify->entry.tree, files[i]))
			verify_tell(verify, verify->entry.lkp, files[i],
				    "missing, although there is more of LKP");
	}
}

/* Whose modules are right: the root's kernels, or else those that come with the image. */
static char **right_kernels(const struct verify *verify)
{
	if (verify->known.root_kernels)
		return verify->known.root_kernels;
	for (size_t i = verify->read.image; i && i <= verify->read.n_segments; i++) {
		if (verify->read.segments[i - 1].kernels)
			return verify->read.segments[i - 1].kernels;
	}
	return NULL;
}

static void check_kernels(struct verify *verify)
{
	char **right = right_kernels(verify);
	auto_free char *list = right ? strv_join(right, ", ") : NULL;

	for (size_t i = 0; right && i < verify->read.n_segments; i++) {
		for (char **k = verify->read.segments[i].kernels; k && *k; k++) {
			auto_free char *path = xasprintf("usr/lib/modules/%s", *k);

			if (!strv_has(right, *k))
				verify_tell(verify, i + 1, path,
					    "modules of another kernel: the %s has %s",
					    verify->known.root_kernels ? "root" : "image", list);
		}
	}
}

/* The kernel frees the packed ones when all of them are unpacked. */
static void check_memory(struct verify *verify)
{
	uint64_t unpacked = tree_memory(verify->entry.tree), all = unpacked + verify->read.stored;

	if (verify->known.memory && verify->read.n_segments && all > verify->known.memory)
		verify_tell(verify, verify->read.n_segments, NULL,
			    "all files take %s%" PRIu64 " MiB of memory while they are unpacked "
			    "(%" PRIu64 " MiB packed, %" PRIu64 " MiB unpacked), more than %" PRIu64
			    " MiB",
			    verify->read.cut ? "at least " : "", (all + 1048575) >> 20,
			    (verify->read.stored + 1048575) >> 20, (unpacked + 1048575) >> 20,
			    verify->known.memory >> 20);
}

void verify_whole(struct verify *verify)
{
	check_job(verify);
	check_kernels(verify);
	check_memory(verify);
}

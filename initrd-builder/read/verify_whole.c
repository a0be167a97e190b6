// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/verify_whole.h"

#include "initrd-builder/read/verify_job.h"
#include "initrd-builder/read/verify_payload.h"
#include "initrd-builder/read/verify_tell.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/way.h"

#include <inttypes.h>
#include <search.h>
#include <string.h>

#define OURS	"usr/bin/rootovl"
#define SYSTEMD "usr/lib/systemd/systemd"

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/*
 * What the kernel leaves out for want of a directory: once for each directory, not for each file in
 * it. LKP's own package leaves etc/init.d out, for some roots have a link there: its addon has the
 * same file, and the boot copies that.
 */
static void check_left_out(struct verify *verify, const struct payload_rules *rules)
{
	void *told = NULL; /* the directories, of tsearch(3) */

	for (size_t i = 0; i < verify->entry.n_left_out; i++) {
		const struct left_out *left_out = &verify->entry.left_out[i];
		auto_free char *path = xasprintf("/%s", left_out->path);
		char *above = xstrdup(left_out->path);
		char *slash = strrchr(above, '/');

		*(slash ? slash : above) = '\0';
		if (tfind(above, &told, by_text) || verify_payload_file(verify, rules, path)) {
			free(above);
			continue;
		}
		verify_tell(verify, left_out->segment, left_out->path,
			    "no archive has made the directory /%s: the kernel leaves this out",
			    above);
		if (!tsearch(above, &told, by_text))
			abort(); /* of memory: see common/mem.h */
	}
	tdestroy(told, free);
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

/* Does the kernel line ask for what only systemd does, and the image has none? */
static void check_way(struct verify *verify)
{
	__attribute__((cleanup(cmdline_done))) struct cmdline line = { 0 };
	__attribute__((cleanup(settings_done))) struct settings settings = { 0 };
	auto_failure struct failure f = { 0 }, wrong = { 0 };

	if (!verify->known.cmdline || !tree_follow(verify->entry.tree, OURS) ||
	    tree_follow(verify->entry.tree, SYSTEMD))
		return;
	cmdline_add(&line, verify->known.cmdline);
	if (settings_read(&settings, &line, &wrong) == 0 &&
	    way_check_without_systemd(&settings, &f) < 0)
		verify_tell(verify, verify->read.image, "init", "%s", f.what);
}

void verify_whole(struct verify *verify)
{
	struct payload_rules rules = { 0 };

	verify_payload_rules(verify, &rules);
	check_left_out(verify, &rules);
	verify_payload(verify, &rules);
	verify_job(verify, &rules);
	payload_rules_done(&rules);
	check_way(verify);
	check_kernels(verify);
	check_memory(verify);
}

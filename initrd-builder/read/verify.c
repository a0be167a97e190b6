// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/verify.h"

#include "initrd-builder/read/verify_entry.h"
#include "initrd-builder/read/verify_state.h"
#include "initrd-builder/read/verify_tell.h"
#include "initrd-builder/read/verify_whole.h"
#include "initrd-builder/root/kernel_config.h"
#include "initrd-builder/root/kernels.h"
#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/newroot/newroot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Bytes that are unpacked where no memory was said: bombs end here. */
#define BUDGET ((uint64_t)64 << 30)

struct verify *verify_new(void (*found)(void *arg, const struct finding *finding), void *arg)
{
	struct verify *verify = xcalloc(1, sizeof(*verify));

	verify->found = found;
	verify->arg = arg;
	verify->read.budget = BUDGET;
	verify->entry.tree = tree_new();
	return verify;
}

void verify_free(struct verify *verify)
{
	if (!verify)
		return;
	for (size_t i = 0; i < verify->read.n_segments; i++) {
		free(verify->read.segments[i].file);
		strv_free(verify->read.segments[i].kernels);
	}
	for (size_t i = 0; i < verify->known.n_configs; i++) {
		free(verify->known.configs[i].name);
		free(verify->known.configs[i].text);
	}
	free(verify->read.segments);
	free(verify->known.configs);
	free(verify->known.cmdline);
	strv_free(verify->known.root_kernels);
	for (size_t i = 0; i < verify->entry.n_left_out; i++)
		free(verify->entry.left_out[i].path);
	free(verify->entry.left_out);
	newroot_close(verify->known.root);
	rootfs_close(&verify->known.rootfs);
	free(verify->known.table);
	strv_free(verify->known.enable);
	free(verify->entry.replaced.target);
	purpose_free(verify->read.purpose);
	tree_free(verify->entry.tree);
	free(verify);
}

static void add_config(struct verify *verify, char *name, char *text)
{
	verify->known.configs = xreallocarray(verify->known.configs, verify->known.n_configs + 1,
					      sizeof(*verify->known.configs));
	verify->known.configs[verify->known.n_configs++] = (struct known_config){ name, text };
}

int verify_kernel_config(struct verify *verify, const char *path, struct failure *f)
{
	char *text = NULL;
	int r = file_read(AT_FDCWD, path, KERNEL_CONFIG_MAX, &text);

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", path);
	if (!strstr(text, "CONFIG_")) {
		free(text);
		return fail(f, EINVAL, NULL, "%s: no kernel's configuration", path);
	}
	add_config(verify, xstrdup(path), text);
	verify->known.config_given = true;
	return 0;
}

int verify_root(struct verify *verify, const char *path, struct failure *f)
{
	int r = rootfs_open(path, &verify->known.rootfs, f);

	return r < 0 ? r : newroot_open(verify->known.rootfs.fd, &verify->known.root, f);
}

int verify_root_at(struct verify *verify, int dir_fd, const char *shown, struct failure *f)
{
	int r = rootfs_open_below(dir_fd, ".", shown, &verify->known.rootfs, f);

	return r < 0 ? r : newroot_open(verify->known.rootfs.fd, &verify->known.root, f);
}

int verify_rootfs(struct verify *verify, const char *path, bool *ret_config, struct failure *f)
{
	__attribute__((cleanup(kernels_done))) struct kernels kernels = { 0 };
	struct rootfs *root = &verify->known.rootfs;
	int r = verify_root(verify, path, f);

	*ret_config = false;
	if (r == 0)
		r = kernels_find(root, NULL, &kernels, f);
	for (size_t i = 0; r == 0 && i < kernels.n; i++) {
		const char *version = kernels.list[i].version;
		char *text = kernel_config_read(root, version);

		strv_add(&verify->known.root_kernels, xstrdup(version));
		*ret_config = *ret_config || text;
		if (text && !verify->known.config_given)
			add_config(verify, xstrdup(version), text);
		else
			free(text);
	}
	return r;
}

void verify_table(struct verify *verify, const char *text)
{
	free(verify->known.table);
	verify->known.table = xstrdup(text);
}

void verify_enable(struct verify *verify, const char *units)
{
	strv_free(verify->known.enable);
	verify->known.enable = strv_split(units, ",");
}

void verify_cmdline(struct verify *verify, const char *line)
{
	free(verify->known.cmdline);
	verify->known.cmdline = xstrdup(line);
}

void verify_memory(struct verify *verify, uint64_t bytes)
{
	verify->known.memory = bytes;
	/* Enough to say how much too large something is, and not for a bomb. */
	if (bytes < BUDGET / 4)
		verify->read.budget = 4 * bytes;
}

/* What the file that is read is called; segments_walk() numbers them. */
struct reading {
	struct verify *verify;
	const char *file;
};

static void check_compression(struct verify *verify, size_t number, const struct codec *codec)
{
	for (size_t i = 0; i < verify->known.n_configs; i++) {
		const struct known_config *config = &verify->known.configs[i];

		if (!kernel_config_has(config->text, "CONFIG_BLK_DEV_INITRD"))
			verify_tell(verify, number, NULL,
				    "the kernel takes no initrd: no CONFIG_BLK_DEV_INITRD in %s",
				    config->name);
		else if (codec && !kernel_config_has(config->text, codec->config))
			verify_tell(verify, number, NULL, "the kernel lacks %s: no %s in %s",
				    codec->name, codec->config, config->name);
	}
}

static size_t add_segment(struct reading *reading, const struct segment *segment)
{
	struct verify *verify = reading->verify;

	verify->read.segments = xreallocarray(verify->read.segments, verify->read.n_segments + 1,
					      sizeof(*verify->read.segments));
	verify->read.segments[verify->read.n_segments] =
		(struct verified){ .file = xstrdup(reading->file), .segment = *segment };
	return ++verify->read.n_segments;
}

static int on_begin(void *arg, const struct segment *segment)
{
	struct reading *reading = arg;
	size_t number = add_segment(reading, segment);

	purpose_free(reading->verify->read.purpose);
	reading->verify->read.purpose = purpose_new();
	check_compression(reading->verify, number, segment->codec);
	return 0;
}

static int on_entry(void *arg, const struct segment *segment, const struct cpio_entry *entry)
{
	(void)segment;
	return verify_entry(((struct reading *)arg)->verify, entry);
}

static int on_content(void *arg, const void *data, size_t n)
{
	verify_entry_content(((struct reading *)arg)->verify, data, n);
	return 0;
}

static int on_end(void *arg, const struct segment *segment)
{
	struct verify *verify = ((struct reading *)arg)->verify;
	struct verified *last = &verify->read.segments[verify->read.n_segments - 1];

	last->segment = *segment;
	if (purpose_is_image(verify->read.purpose) && !verify->read.image)
		verify->read.image = verify->read.n_segments;
	return 0;
}

static int on_problem(void *arg, const struct segment *segment, const char *text, bool fatal)
{
	struct reading *reading = arg;

	reading->verify->read.cut = reading->verify->read.cut || fatal;
	verify_tell_segment(reading->verify, reading->file, segment, NULL, "%s%s", text,
			    fatal ? "; nothing behind it was read" : "");
	return 0;
}

int verify_file(struct verify *verify, const char *path, int fd, struct failure *f)
{
	struct reading reading = { verify, path };
	const struct segments_events events = { on_begin, on_entry,   on_content,
						on_end,	  on_problem, &reading };
	auto_input struct input *input = input_new(input_from_fd, &fd);
	int r;

	if (fd < 0)
		return fail_errno(f, -fd, NULL, "%s", path);
	lseek(fd, 0, SEEK_SET); /* a pipe's is where it is */
	r = segments_walk(input, &verify->read.budget, &events, f);
	if (r < 0 && r != -ECANCELED) {
		failure_prefix(f, "%s", path);
		return r;
	}
	verify->read.stored += input_offset(input);
	return 0;
}

void verify_end(struct verify *verify)
{
	if (verify->read.endless)
		return;
	verify_whole(verify);
	verify_is_endless(verify);
}

bool verify_has(const struct verify *verify, const char *path)
{
	return tree_follow(verify->entry.tree, path);
}

bool verify_has_within(const struct verify *verify, const char *path)
{
	const struct node *node = tree_follow(verify->entry.tree, path);

	return node && node->children > 0;
}

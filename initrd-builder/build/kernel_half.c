// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/kernel_half.h"

#include "initrd-builder/build/firmware.h"
#include "initrd-builder/build/module_list.h"
#include "initrd-builder/build/modules.h"
#include "initrd-builder/build/selection.h"
#include "initrd-builder/read/image_notes.h"
#include "initrd-builder/write/cpio_list.h"
#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define TREE	 "half"
#define LIST	 "kernel-modules.list"
#define LIST_VM	 "kernel-modules-vm.list"
#define LIST_MAX (1024 * 1024)

/* Puts a list of a dracut module behind the others; 0 where it has none. */
static int add_list(const char *module, const char *name, char **all, struct failure *f)
{
	auto_free char *path = xasprintf("%s/%s", module, name);
	auto_free char *before = *all;
	auto_free char *text = NULL;
	int r = file_read(AT_FDCWD, path, LIST_MAX, &text);

	*all = xasprintf("%s%s\n", before, r < 0 ? "" : text);
	return r < 0 && r != -ENOENT ? fail_errno(f, -r, NULL, "%s", path) : 0;
}

int kernel_half_lists(const struct parts *parts, features with, char **ret, struct failure *f)
{
	const char *machines = features_has(with, FEATURE_VM) ? LIST_VM : LIST;
	auto_free char *all = xstrdup("");
	int r = add_list(parts->path[PART_MODULE], LIST, &all, f);

	if (r == 0)
		r = add_list(parts->path[PART_SHORT_MODULE], machines, &all, f);
	if (r == 0 && !features_has(with, FEATURE_SHORT))
		r = add_list(parts->path[PART_LEAN_MODULE], LIST, &all, f);
	for (enum feature i = 0; r == 0 && i < FEATURE_COUNT; i++) {
		if (features_has(with, i) && features_part(i) < PART_COUNT)
			r = add_list(parts->path[features_part(i)], LIST, &all, f);
	}
	if (r == 0)
		*ret = STEAL(all);
	return r;
}

static int wanted_names(const struct kernel_half *half, char ***ret, struct failure *f)
{
	auto_free char *all = NULL;
	auto_strv char **words = NULL;
	int r = kernel_half_lists(half->parts, half->with, &all, f);

	if (r < 0)
		return r;
	words = module_list_words(all);
	*ret = module_list_expand(words, half->modules);
	return 0;
}

static int make_parent(const struct staging *staging, const char *name, struct failure *f)
{
	auto_free char *dir = xstrdup(name);

	*strrchr(dir, '/') = '\0';
	return staging_make_dir(staging, dir, f);
}

/* A file of the copied modules under the same name in the half. */
static int take_file(const struct kernel_half *half, const char *path, struct failure *f)
{
	auto_free char *all = modules_path(half->staging, half->version);
	auto_free char *from = xasprintf("%s/%s", all, path);
	auto_free char *to = xasprintf(TREE "/usr/lib/modules/%s/%s", half->version, path);
	auto_free char *place = staging_path(half->staging, to);
	int r = make_parent(half->staging, to, f);

	if (r < 0)
		return r;
	return link(from, place) < 0 && errno != ENOENT ? fail_errno(f, errno, NULL, "%s", place)
							: 0;
}

static int take_modules(const struct kernel_half *half, const struct selection *selection,
			off_t *left, struct failure *f)
{
	static const char *const lists[] = { "modules.order", "modules.builtin",
					     "modules.builtin.modinfo" };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(lists); i++)
		r = take_file(half, lists[i], f);
	for (char **path = selection->paths; r == 0 && path && *path; path++)
		r = take_file(half, *path, f);
	for (char **name = selection->firmware; r == 0 && name && *name; name++)
		r = firmware_stage(half->staging, TREE, half->root, *name, left, f);
	return r < 0 ? r
		     : modules_depmod(half->staging, TREE, half->version, half->log_fd, half->watch,
				      f);
}

static int write_record(const struct kernel_half *half, struct failure *f)
{
	auto_free char *path = staging_path(half->staging, TREE "/" KERNEL_RECORD);
	int r = make_parent(half->staging, TREE "/" KERNEL_RECORD, f);

	if (r == 0)
		r = file_write(AT_FDCWD, path, half->record, 0644);
	return r < 0 ? fail_errno(f, -r, NULL, "%s", path) : 0;
}

static int write_half(const struct kernel_half *half, struct failure *f)
{
	/* The indexes beside them say the same. */
	static const char *const texts[] = { "dep", "alias", "symbols" };
	auto_free char *tree = staging_path(half->staging, TREE);
	auto_free char *path = staging_path(half->staging, KERNEL_HALF);
	auto_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	auto_cpio_list struct cpio_list list = { 0 };
	int r;

	if (fd < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	r = cpio_list_add_tree(&list, tree, f);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		auto_free char *text =
			xasprintf("usr/lib/modules/%s/modules.%s", half->version, texts[i]);

		cpio_list_drop(&list, text);
	}
	return r < 0 ? r : cpio_list_write(&list, fd, f);
}

/* What the kernel itself asks for by strings like "tg3.firmware=tigon/tg3.bin", of what is built
 * in. */
static int take_builtin_firmware(const struct kernel_half *half, off_t *left, struct failure *f)
{
	static const char key[] = ".firmware=";
	auto_free char *all = modules_path(half->staging, half->version);
	auto_free char *path = xasprintf("%s/modules.builtin.modinfo", all);
	auto_fclose FILE *file = fopen(path, "re");
	auto_free char *text = NULL;
	size_t room = 0;
	int r = 0;

	while (r == 0 && file && getdelim(&text, &room, '\0', file) > 0) {
		const char *at = strstr(text, key);

		if (at)
			r = firmware_stage(half->staging, TREE, half->root, at + strlen(key), left,
					   f);
	}
	return r;
}

int kernel_half_make(const struct kernel_half *half, bool *ret_network, struct failure *f)
{
	__attribute__((cleanup(selection_done))) struct selection selection = { 0 };
	auto_free char *all = modules_path(half->staging, half->version);
	auto_strv char **names = NULL;
	off_t firmware = FIRMWARE_MAX;
	int r = wanted_names(half, &names, f);

	if (r == 0)
		r = selection_make(all, names, &selection, f);
	if (r == 0 && !selection_has(&selection, "overlay"))
		r = fail(f, ENOENT, "install all modules of this kernel in the root",
			 "%s: kernel %s has no module overlay", half->root->path, half->version);
	if (r == 0)
		r = take_modules(half, &selection, &firmware, f);
	if (r == 0)
		r = take_builtin_firmware(half, &firmware, f);
	if (r == 0)
		r = write_record(half, f);
	if (r == 0)
		r = write_half(half, f);
	if (r == 0)
		*ret_network =
			selection_has(&selection, "cifs") || selection_has(&selection, "nfs");
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "load modules": the kernel modules that the plan needs.
 * Runs first. Needs the modules of this image. Leaves them loaded, also after a failed boot.
 */
#include "src/rootovl/steps/load_modules.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <string.h>

#define FILESYSTEMS_MAX (1024 * 1024)

/* Returns whether the kernel has this file system already, built in or loaded. */
static bool has_filesystem(const char *name)
{
	auto_free char *text = NULL;
	auto_strv char **words = NULL;

	if (file_read(AT_FDCWD, "/proc/filesystems", FILESYSTEMS_MAX, &text) < 0)
		return false;
	words = strv_split(text, " \t\n");
	return strv_has(words, name);
}

/*
 * Loads one module with its dependencies. Returns 0 or -errno; -ENOENT if the image has no module
 * of that name.
 */
static int load(struct kmod_ctx *ctx, const char *name)
{
	struct kmod_list *list = NULL, *item;
	int r = kmod_module_new_from_lookup(ctx, name, &list);

	/* The list is empty for a missing module, but has an entry for a built-in one. */
	if (r >= 0 && !list)
		r = -ENOENT;
	kmod_list_foreach (item, list) {
		struct kmod_module *module = kmod_module_get_module(item);

		if (r >= 0)
			r = kmod_module_probe_insert_module(module,
							    KMOD_PROBE_APPLY_BLACKLIST_ALIAS_ONLY,
							    NULL, NULL, NULL, NULL);
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
	return r;
}

/*
 * Sets "parameter=value" of a module that may be built in or loaded already. A kernel without the
 * parameter does not have the behaviour that it controls.
 */
static int set_parameter(const char *module, const char *parameter)
{
	size_t len = strcspn(parameter, "=");
	auto_free char *path =
		xasprintf("/sys/module/%s/parameters/%.*s", module, (int)len, parameter);
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	return write(fd, parameter + len + 1, strlen(parameter + len + 1)) < 0 ? -errno : 0;
}

/*
 * Returns the hint for a module that is missing. Only images for rootfs_disk= and rootovl.verity=
 * have the device mapper.
 */
static const char *hint_of(const char *name)
{
	if (!strcmp(name, "dm-mod"))
		return "build the image again: " REBUILD_WITH_DISKS;
	if (!strcmp(name, "dm-verity"))
		return "build the image again: " REBUILD_WITH_VERITY;
	return "the image lacks it, or was built for another kernel: build it again for the kernel "
	       "that booted";
}

int step_load_modules(struct boot *boot, const struct step *step, struct failure *f)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);
	int r = 0;

	(void)boot;
	if (!ctx)
		return fail_errno(f, ENOMEM, NULL, "kmod");
	for (char **module = step->modules; r == 0 && *module; module++) {
		auto_free char *name = xstrndup(*module, strcspn(*module, " "));
		const char *parameter = strchr(*module, ' ');
		int loaded = has_filesystem(name) ? 0 : load(ctx, name);

		if (loaded >= 0 && parameter)
			loaded = set_parameter(name, parameter + 1);
		if (loaded < 0 && plan_may_lack(name))
			log_line(LOG_NOTICE, "module %s: %s", name, strerror(-loaded));
		else if (loaded < 0)
			r = fail(f, -loaded, hint_of(name), "module %s: %s", name,
				 loaded == -ENOENT ? "not in this image" : strerror(-loaded));
	}
	kmod_unref(ctx);
	return r;
}

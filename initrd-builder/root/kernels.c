// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/root/kernels.h"

#include "initrd-builder/root/arch.h"
#include "initrd-builder/root/kernel_config.h"
#include "src/common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define KERNELS_MAX 64

/* A name that can stand on dracut's command line and in a file's name. */
static bool is_version(const char *name)
{
	if (!isalnum((unsigned char)*name))
		return false;
	for (const char *c = name; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr("._+~-", *c))
			return false;
	}
	return true;
}

static bool has(const struct rootfs *root, const char *version, const char *what)
{
	auto_free char *path = xasprintf("lib/modules/%s/%s", version, what);
	auto_close int fd = rootfs_openat(root, path, O_PATH);

	return fd >= 0;
}

static void add_kernel(const struct rootfs *root, const char *version, struct kernels *kernels)
{
	auto_free char *config = NULL;

	if (!is_version(version))
		return;
	if (!has(root, version, "kernel/.") && !has(root, version, "modules.builtin"))
		return;
	config = kernel_config_read(root, version);
	kernels->list = xreallocarray(kernels->list, kernels->n + 1, sizeof(*kernels->list));
	kernels->list[kernels->n++] = (struct kernel){
		.version = xstrdup(version),
		.compression = compression_choose(config),
		.arch = arch_of(root, config),
	};
}

static int by_version(const void *a, const void *b)
{
	return strverscmp(((const struct kernel *)a)->version, ((const struct kernel *)b)->version);
}

/* Says which kernels a root has where the asked one is missing. */
static int lacks(const struct rootfs *root, const char *version, struct failure *f)
{
	auto_failure struct failure unsaid = { 0 };
	auto_free char *hint = xstrdup("it has those of");
	struct kernels others;

	if (kernels_find(root, NULL, &others, &unsaid) < 0)
		set_text(&hint, xstrdup("install a kernel package in it"));
	for (size_t i = 0; i < others.n; i++)
		set_text(&hint, xasprintf("%s%s %s", hint, i ? "," : "", others.list[i].version));
	kernels_done(&others);
	return fail(f, ENXIO, hint, "%s: no modules of kernel %s in lib/modules", root->path,
		    version);
}

int kernels_find(const struct rootfs *root, const char *version, struct kernels *ret,
		 struct failure *f)
{
	auto_close int fd = rootfs_openat(root, "lib/modules", O_RDONLY | O_DIRECTORY);
	auto_dir DIR *dir = NULL;

	*ret = (struct kernels){ 0 };
	if (fd < 0 && fd != -ENOENT)
		return fail_errno(f, -fd, NULL, "%s: lib/modules", root->path);
	if (fd >= 0 && !(dir = fdopendir(steal_fd(&fd))))
		return fail_errno(f, errno, NULL, "%s: lib/modules", root->path);
	for (struct dirent *entry; dir && ret->n <= KERNELS_MAX && (entry = readdir(dir));) {
		if (!version || strcmp(version, entry->d_name) == 0)
			add_kernel(root, entry->d_name, ret);
	}
	/* Each is work for all whose roots are watched. */
	if (ret->n > KERNELS_MAX)
		return fail(f, E2BIG, "remove those that no machine boots",
			    "%s: more than %d kernels in lib/modules", root->path, KERNELS_MAX);
	if (ret->n == 0 && version)
		return lacks(root, version, f);
	if (ret->n == 0)
		return fail(f, ENXIO, "install a kernel package in it",
			    "%s: no modules of a kernel in lib/modules", root->path);
	qsort(ret->list, ret->n, sizeof(*ret->list), by_version);
	return 0;
}

void kernels_done(struct kernels *kernels)
{
	for (size_t i = 0; i < kernels->n; i++)
		free(kernels->list[i].version);
	free(kernels->list);
	*kernels = (struct kernels){ 0 };
}

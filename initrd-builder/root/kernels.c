// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/root/kernels.h"

#include "initrd-builder/root/arch.h"
#include "src/common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* The best first; the last one is what every kernel of a distribution has. */
static const struct compression compressions[] = {
	{ "zstd", "CONFIG_RD_ZSTD" },
	{ "xz", "CONFIG_RD_XZ" },
	{ "gzip", "CONFIG_RD_GZIP" },
};

bool kernel_config_has(const char *config, const char *option)
{
	size_t len = strlen(option);

	for (const char *at = strstr(config, option); at; at = strstr(at + len, option)) {
		const char *value = at + len;

		if ((at == config || at[-1] == '\n') && value[0] == '=' && value[1] == 'y' &&
		    (value[2] == '\n' || value[2] == '\0'))
			return true;
	}
	return false;
}

const struct compression *compression_choose(const char *config)
{
	const struct compression *last = &compressions[ARRAY_SIZE(compressions) - 1];

	for (const struct compression *c = compressions; config && c < last; c++) {
		if (kernel_config_has(config, c->config))
			return c;
	}
	return last;
}

char *kernel_config(const struct rootfs *root, const char *version)
{
	auto_free char *in_boot = xasprintf("boot/config-%s", version);
	auto_free char *in_modules = xasprintf("lib/modules/%s/config", version);
	char *config = NULL;

	if (rootfs_read(root, in_boot, KERNEL_CONFIG_MAX, &config) < 0)
		rootfs_read(root, in_modules, KERNEL_CONFIG_MAX, &config);
	return config;
}

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
	config = kernel_config(root, version);
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
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		if (!version || strcmp(version, entry->d_name) == 0)
			add_kernel(root, entry->d_name, ret);
	}
	if (ret->n == 0)
		return fail(f, ENXIO, "install a kernel package in it",
			    "%s: no modules of %s%s in lib/modules", root->path,
			    version ? "kernel " : "a kernel", version ? version : "");
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

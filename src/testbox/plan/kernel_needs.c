// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/kernel_needs.h"

#include "src/common/cmdline.h"
#include "src/common/macro.h"
#include "src/common/mem.h"

#include <string.h>

static const struct need {
	const char *word;  /* of the kernel line; NULL: every one */
	const char *value; /* begins so */
	const char *module;
} needs[] = {
	{ NULL, NULL, "virtio_pci" },
	{ NULL, NULL, "overlay" },
	{ "ip", "", "virtio_net" },
	{ "root", "virtiofs:", "virtiofs" },
	{ "root", "9p:", "9p" },
	{ "root", "9p:", "9pnet_virtio" },
	{ "root", "cifs:", "cifs" },
	{ "root", "//", "cifs" },
	{ "root", "nfs:", "nfs" },
	{ "root", "/dev/nfs", "nfs" },
	{ "root", "nbd:", "nbd" },
	{ "root", "LABEL=", "virtio_blk" },
	{ "root", "UUID=", "virtio_blk" },
	{ "root", "/dev/vd", "virtio_blk" },
	{ "rootfs_disk", "", "virtio_blk" },
};

static bool asks(const struct cmdline *line, const struct need *need)
{
	if (!need->word)
		return true;
	for (size_t i = 0; i < line->n; i++)
		if (!strcmp(line->words[i].name, need->word) && line->words[i].value &&
		    !strncmp(line->words[i].value, need->value, strlen(need->value)))
			return true;
	return false;
}

char **kernel_needs(const char *args)
{
	struct cmdline line = { 0 };
	char **modules = NULL;

	cmdline_add(&line, args);
	for (size_t i = 0; i < ARRAY_SIZE(needs); i++)
		if (asks(&line, &needs[i]) && !strv_has(modules, needs[i].module))
			strv_add(&modules, xstrdup(needs[i].module));
	cmdline_done(&line);
	return modules;
}

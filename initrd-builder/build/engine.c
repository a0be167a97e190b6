// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/engine.h"

#include "initrd-builder/root/arch.h"
#include "src/common/mem.h"

#include <string.h>

static const char *const docker_identify[] = {
	"ENGINE",
	"image",
	"inspect",
	"--format",
	"{{.Id}} {{index .Config.Labels \"rootovl.inputs\"}} "
	"{{index .Config.Labels \"rootovl.arch\"}}",
	"IMAGE",
	NULL,
};

/* No network, no rights, nothing to write to but memory, nothing of this machine. */
static const char *const docker_run[] = {
	"ENGINE",
	"run",
	"--rm",
	"--pull=never",
	"--name=NAME",
	"--network=none",
	"--hostname=rootovl",
	"--read-only",
	"--tmpfs=/tmp:exec,mode=1777",
	"--cap-drop=ALL",
	"--security-opt=no-new-privileges",
	"--log-driver=none",
	"IMAGE",
	"/usr/lib/rootovl/userspace",
	NULL,
};

static const char *const buildah_identify[] = {
	"buildah",
	"inspect",
	"--type=image",
	"--format",
	"{{.FromImageID}} {{index .OCIv1.Config.Labels \"rootovl.inputs\"}} "
	"{{index .OCIv1.Config.Labels \"rootovl.arch\"}}",
	"IMAGE",
	NULL,
};

static const char *const buildah_before[] = {
	"buildah", "from", "--pull-never", "--platform=PLATFORM", "--name=NAME", "IMAGE", NULL,
};

/* Isolated by chroot it keeps the network: that is taken from all of it. */
static const char *const buildah_run[] = {
	"unshare",
	"--net",
	"buildah",
	"run",
	"--isolation=chroot",
	"--cap-drop=CAP_SYS_ADMIN,CAP_NET_RAW,CAP_NET_BIND_SERVICE,CAP_MKNOD",
	"NAME",
	"--",
	"/usr/lib/rootovl/userspace",
	NULL,
};

static const char *const buildah_after[] = { "buildah", "rm", "NAME", NULL };
static const char *const machine_run[] = { "sh", "SCRIPT", NULL };

static const struct engine engines[] = {
	{ .name = "docker", .identify = docker_identify, .run = docker_run },
	{ .name = "podman", .identify = docker_identify, .run = docker_run },
	{
		.name = "buildah",
		.identify = buildah_identify,
		.before = buildah_before,
		.run = buildah_run,
		.after = buildah_after,
	},
	{ .name = "none", .run = machine_run },
};

const struct engine *engine_at(size_t i)
{
	return i < ARRAY_SIZE(engines) ? &engines[i] : NULL;
}

const struct engine *engine_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(engines); i++) {
		if (strcmp(engines[i].name, name) == 0)
			return &engines[i];
	}
	return NULL;
}

/* A word, or what comes behind its "=", may be a name for something else. */
static char *fill_word(const char *word, const char *const (*values)[2], size_t n)
{
	size_t len = strlen(word);

	for (size_t i = 0; i < n; i++) {
		size_t end = strlen(values[i][0]);

		if (len >= end && strcmp(word + len - end, values[i][0]) == 0 &&
		    (len == end || word[len - end - 1] == '='))
			return xasprintf("%.*s%s", (int)(len - end), word, values[i][1]);
	}
	return xstrdup(word);
}

char **engine_command(const struct engine *engine, const char *const *words,
		      const struct engine_values *with)
{
	auto_free char *platform = xasprintf("linux/%s", arch_platform(with->arch));
	const char *const values[][2] = {
		{ "ENGINE", engine->name },
		{ "IMAGE", with->image ? with->image : "" },
		{ "PLATFORM", platform },
		{ "NAME", with->name ? with->name : "" },
		{ "SCRIPT", with->script ? with->script : "" },
	};
	char **command = NULL;

	for (; *words; words++)
		strv_add(&command, fill_word(*words, values, ARRAY_SIZE(values)));
	return command;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/engine.h"

#include "initrd-builder/base/tail.h"
#include "initrd-builder/root/arch.h"
#include "inputs.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"
#include "src/common/program.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

/* No network, no rights, nothing to write to but memory, nothing of this machine. */
#define LIKE_DOCKER(program)                                                                       \
	{                                                                                          \
		.name = program,                                                                   \
		.identify = { program,                                                             \
			      "image",                                                             \
			      "inspect",                                                           \
			      "--format",                                                          \
			      "{{.Id}} {{index .Config.Labels \"rootovl.inputs\"}} "               \
			      "{{index .Config.Labels \"rootovl.arch\"}}",                         \
			      "IMAGE" },                                                           \
		.run = { program,                                                                  \
			 "run",                                                                    \
			 "--rm",                                                                   \
			 "--pull=never",                                                           \
			 "--name=NAME",                                                            \
			 "--network=none",                                                         \
			 "--hostname=rootovl",                                                     \
			 "--read-only",                                                            \
			 "--tmpfs=/tmp:exec,mode=1777",                                            \
			 "--cap-drop=ALL",                                                         \
			 "--security-opt=no-new-privileges",                                       \
			 "--log-driver=none",                                                      \
			 "IMAGE",                                                                  \
			 "/usr/lib/rootovl/userspace" },                                           \
	}

static const struct engine engines[] = {
	LIKE_DOCKER("docker"),
	LIKE_DOCKER("podman"),
	{
		.name = "buildah",
		.identify = { "buildah", "inspect", "--type=image", "--format",
			      "{{.FromImageID}} {{index .OCIv1.Config.Labels \"rootovl.inputs\"}} "
			      "{{index .OCIv1.Config.Labels \"rootovl.arch\"}}",
			      "IMAGE" },
		.before = { "buildah", "from", "--pull-never", "--platform=PLATFORM", "--name=NAME",
			    "IMAGE" },
		/* Isolated by chroot it keeps the network: that is taken from all of it. */
		.run = { "unshare", "--net", "buildah", "run", "--isolation=chroot",
			 "--cap-drop=CAP_SYS_ADMIN,CAP_NET_RAW,CAP_NET_BIND_SERVICE,CAP_MKNOD",
			 "NAME", "--", "/usr/lib/rootovl/userspace" },
		.after = { "buildah", "rm", "NAME" },
	},
	{ .name = ENGINE_NONE, .run = { "sh", "SCRIPT" } },
};

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

char **engine_command(const char *const *words, const struct container *container, const char *name,
		      const char *script)
{
	auto_free char *platform = xasprintf("linux/%s", arch_platform(container->arch));
	const char *const values[][2] = {
		{ "IMAGE", container->image ? container->image : "" },
		{ "PLATFORM", platform },
		{ "NAME", name },
		{ "SCRIPT", script },
	};
	char **command = NULL;

	for (; *words; words++)
		strv_add(&command, fill_word(*words, values, ARRAY_SIZE(values)));
	return command;
}

/*
 * Runs a command for the one line that it prints: its answer, or, where it fails, why. Gives its
 * exit status or -errno.
 */
static int ask(char *const *command, char **ret, struct failure *f)
{
	auto_close int said = memfd_create("said", MFD_CLOEXEC);
	auto_close int errors = memfd_create("errors", MFD_CLOEXEC);
	const struct program_watch watch = { .stop = &interrupted };
	struct program program = {
		.argv = (const char *const *)command,
		.output = said,
		.errors = errors,
	};
	int r;

	if (said < 0 || errors < 0)
		return fail_errno(f, errno, NULL, "memfd_create");
	r = program_run(&program, &watch, f);
	*ret = tail_read(r == 0 ? said : errors, 1);
	(*ret)[strcspn(*ret, "\n")] = '\0';
	return r;
}

static char *how_to_make(const char *arch)
{
	return strcmp(arch, arch_own()) == 0 ? xstrdup("make container")
					     : xasprintf("make container ARCH=%s", arch);
}

/* Is it what this program needs? `said`: what `identify` printed, behind the id. */
static int check_labels(const struct container *container, const char *said, struct failure *f)
{
	auto_strv char **labels = strv_split(said, " ");
	auto_free char *hint = how_to_make(container->arch);
	const char *engine = container->engine->name, *image = container->image;

	if (strv_len(labels) == 0 || strcmp(labels[0], ROOTOVL_INPUTS) != 0)
		return fail(f, ESTALE, hint,
			    "%s: the image %s was made of another rootovl than this program",
			    engine, image);
	if (strv_len(labels) != 2 || strcmp(labels[1], container->arch) != 0)
		return fail(f, ENOEXEC, hint, "%s: the image %s is of architecture %s, not %s",
			    engine, image, strv_len(labels) == 2 ? labels[1] : "unknown",
			    container->arch);
	return 0;
}

/* Gives 1 where the engine has the image, 0 where it has not, as it says in *ret_why, or -errno. */
static int identify(struct container *container, char **ret_why, struct failure *f)
{
	const struct engine *engine = container->engine;
	auto_strv char **command = engine_command(engine->identify, container, "", "");
	auto_free char *line = NULL;
	size_t len;
	int r = ask(command, &line, f);

	if (r > 0)
		*ret_why = STEAL(line);
	if (r != 0)
		return r < 0 ? r : 0;
	len = strcspn(line, " ");
	if (!line[len])
		return fail(f, EINVAL, NULL, "%s says of %s: %s", engine->name, container->image,
			    line);
	container->id = xstrndup(line, len);
	r = check_labels(container, line + len + 1, f);
	return r < 0 ? r : 1;
}

/* This machine is the container. */
static int take_machine(const struct container *container, bool asked, struct failure *f)
{
	bool own = strcmp(container->arch, arch_own()) == 0;
	auto_free char *hint =
		xasprintf("make container ARCH=%s, and another --engine", container->arch);

	if (asked && !own)
		return fail(f, ENOEXEC, hint,
			    "--engine none makes images of this machine's architecture, %s, not "
			    "of %s",
			    arch_own(), container->arch);
	return asked || (own && access("/usr/lib/dracut/modules.d", R_OK) == 0);
}

/* Gives 1 where this engine can, 0 where it cannot, or -errno. */
static int take(struct container *container, const char *image, bool asked, struct failure *f)
{
	auto_free char *why = NULL;
	int r;

	if (!*container->engine->identify)
		return take_machine(container, asked, f);
	container->image = xstrdup(image);
	r = identify(container, &why, f);
	if (r == -ENOENT && !asked) {
		failure_done(f);
		return 0; /* not installed */
	}
	if (r == 0 && asked) {
		auto_free char *hint = how_to_make(container->arch);

		return fail(f, ENOENT, hint, "%s has no image %s: %s", container->engine->name,
			    image, *why ? why : "it does not say why");
	}
	return r;
}

int container_find(const char *name, const char *image, const char *arch, struct container *ret,
		   struct failure *f)
{
	auto_free char *made = xasprintf("localhost/rootovl-builder:%s", arch);
	auto_free char *hint = how_to_make(arch);
	bool own = strcmp(arch, arch_own()) == 0;
	int r = 0;

	if (name && !engine_find(name))
		return fail(f, EINVAL, NULL, "--engine %s: there is none", name);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(engines); i++) {
		struct container container = { .engine = &engines[i], .arch = arch };

		if (name && strcmp(engines[i].name, name) != 0)
			continue;
		r = take(&container, image ? image : made, name != NULL, f);
		if (r > 0)
			*ret = container;
		else
			container_done(&container);
	}
	if (r == 0 && own)
		r = fail(f, ENOENT, "make container, or install dracut",
			 "no engine has the image %s, and this machine has no dracut",
			 image ? image : made);
	if (r == 0)
		r = fail(f, ENOENT, hint, "no engine has the image %s", image ? image : made);
	return r < 0 ? r : 0;
}

void container_done(struct container *container)
{
	free(container->image);
	free(container->id);
	*container = (struct container){ 0 };
}

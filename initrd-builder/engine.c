// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine.h"

#include "common/mem.h"
#include "common/program.h"
#include "inputs.h"
#include "interrupt.h"
#include "tail.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>

/* No network, no rights, nothing to write to but memory, nothing of this machine. */
#define LIKE_DOCKER(program)                                                                       \
	{                                                                                          \
		.name = program,                                                                   \
		.identify = { program,                                                             \
			      "image",                                                             \
			      "inspect",                                                           \
			      "--format",                                                          \
			      "{{.Id}} {{index .Config.Labels \"rootovl.inputs\"}}",               \
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
			      "{{.FromImageID}} {{index .OCIv1.Config.Labels \"rootovl.inputs\"}}",
			      "IMAGE" },
		.before = { "buildah", "from", "--pull-never", "--name=NAME", "IMAGE" },
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

char *engine_names(void)
{
	auto_strv char **names = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(engines); i++)
		strv_add(&names, xstrdup(engines[i].name));
	return strv_join(names, ", ");
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

char **engine_command(const char *const *words, const char *image, const char *name,
		      const char *script)
{
	const char *const values[][2] = {
		{ "IMAGE", image ? image : "" },
		{ "NAME", name },
		{ "SCRIPT", script },
	};
	char **command = NULL;

	for (; *words; words++)
		strv_add(&command, fill_word(*words, values, ARRAY_SIZE(values)));
	return command;
}

const char *container_arch(void)
{
	static const char *const names[][2] = {
		{ "x86_64", "amd64" },
		{ "aarch64", "arm64" },
	};
	static struct utsname uts;

	uname(&uts);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(uts.machine, names[i][0]) == 0)
			return names[i][1];
	}
	return uts.machine;
}

/* Runs a command for the one line that it prints. Gives its exit status or -errno. */
static int ask(char *const *command, char **ret, struct failure *f)
{
	auto_close int said = memfd_create("said", MFD_CLOEXEC);
	const struct program_watch watch = { .stop = &interrupted };
	struct program program = {
		.argv = (const char *const *)command,
		.output = said,
		.errors = -1,
	};
	int r;

	if (said < 0)
		return fail_errno(f, errno, NULL, "memfd_create");
	r = program_run(&program, &watch, f);
	*ret = tail_read(said, 1);
	(*ret)[strcspn(*ret, "\n")] = '\0';
	return r;
}

/* Gives 1 where the engine has the image, 0 where it has not, or -errno. */
static int identify(const struct engine *engine, const char *image, char **ret, struct failure *f)
{
	auto_strv char **command = engine_command(engine->identify, image, "", "");
	auto_free char *line = NULL;
	char *inputs;
	int r = ask(command, &line, f);

	if (r != 0)
		return r < 0 ? r : 0;
	inputs = strchr(line, ' ');
	if (!inputs)
		return fail(f, EINVAL, NULL, "%s says of %s: %s", engine->name, image, line);
	*inputs++ = '\0';
	if (strcmp(inputs, ROOTOVL_INPUTS) != 0)
		return fail(f, ESTALE, "make container",
			    "%s: the image %s was made of another rootovl than this program",
			    engine->name, image);
	*ret = STEAL(line);
	return 1;
}

static int take(const struct engine *engine, const char *image, bool asked, struct container *ret,
		struct failure *f)
{
	char *id = NULL;
	int r;

	if (!*engine->identify) {
		if (!asked && access("/usr/lib/dracut/modules.d", R_OK) < 0)
			return 0;
		*ret = (struct container){ .engine = engine };
		return 1;
	}
	r = identify(engine, image, &id, f);
	if (r == -ENOENT && !asked) {
		failure_done(f);
		return 0; /* not installed */
	}
	if (r == 0 && asked)
		return fail(f, ENOENT, "make container", "%s has no image %s", engine->name, image);
	if (r > 0)
		*ret = (struct container){ .engine = engine, .image = xstrdup(image), .id = id };
	return r;
}

int container_find(const char *name, const char *image, struct container *ret, struct failure *f)
{
	auto_free char *made = xasprintf("localhost/rootovl-builder:%s", container_arch());
	const struct engine *engine = name ? engine_find(name) : NULL;
	int r = 0;

	if (!image)
		image = made;
	if (name && !engine)
		return fail(f, EINVAL, NULL, "--engine %s: there is none", name);
	if (engine)
		r = take(engine, image, true, ret, f);
	for (size_t i = 0; !engine && r == 0 && i < ARRAY_SIZE(engines); i++)
		r = take(&engines[i], image, false, ret, f);
	if (r == 0)
		r = fail(f, ENOENT, "make container, or install dracut",
			 "no engine has the image %s, and this machine has no dracut", image);
	return r < 0 ? r : 0;
}

void container_done(struct container *container)
{
	free(container->image);
	free(container->id);
	*container = (struct container){ 0 };
}

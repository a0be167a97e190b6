// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/containers.h"

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
	const struct engine_values values = { .image = container->image, .arch = container->arch };
	auto_strv char **command = engine_command(engine, engine->identify, &values);
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

	if (!container->engine->identify)
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

static void done(struct container *container)
{
	free(container->image);
	free(container->id);
	*container = (struct container){ 0 };
}

/*
 * Finds the container of this architecture: of the engine `name`, else of the first engine that has
 * the image, else this machine if the architecture is its own and it has dracut. `image` NULL: what
 * `make container` made for the architecture.
 */
static int find(const char *name, const char *image, const char *arch, struct container *ret,
		struct failure *f)
{
	auto_free char *made = xasprintf("localhost/rootovl-builder:%s", arch);
	auto_free char *hint = how_to_make(arch);
	bool own = strcmp(arch, arch_own()) == 0;
	int r = 0;

	if (name && !engine_find(name))
		return fail(f, EINVAL, NULL, "--engine %s: there is none", name);
	for (size_t i = 0; r == 0 && engine_at(i); i++) {
		struct container container = { .engine = engine_at(i), .arch = arch };

		if (name && strcmp(container.engine->name, name) != 0)
			continue;
		r = take(&container, image ? image : made, name != NULL, f);
		if (r > 0)
			*ret = container;
		else
			done(&container);
	}
	if (r == 0 && own)
		r = fail(f, ENOENT, "make container, or install dracut",
			 "no engine has the image %s, and this machine has no dracut",
			 image ? image : made);
	if (r == 0)
		r = fail(f, ENOENT, hint, "no engine has the image %s", image ? image : made);
	return r < 0 ? r : 0;
}

int containers_get(struct containers *containers, const char *arch, const struct container **ret,
		   struct failure *f)
{
	struct container found = { 0 };
	int r;

	for (size_t i = 0; i < containers->n; i++) {
		if (strcmp(containers->list[i]->arch, arch) == 0) {
			*ret = containers->list[i];
			return 0;
		}
	}
	r = find(containers->engine, containers->image, arch, &found, f);
	if (r < 0)
		return r;
	containers->list =
		xreallocarray(containers->list, containers->n + 1, sizeof(*containers->list));
	containers->list[containers->n] = xcalloc(1, sizeof(found));
	*containers->list[containers->n] = found;
	*ret = containers->list[containers->n++];
	return 0;
}

void containers_done(struct containers *containers)
{
	for (size_t i = 0; i < containers->n; i++) {
		done(containers->list[i]);
		free(containers->list[i]);
	}
	free(containers->list);
	*containers = (struct containers){ 0 };
}

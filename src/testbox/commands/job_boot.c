// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/commands/job_boot.h"

#include "initrd-builder/root/kernels.h"
#include "initrd-builder/root/rootfs.h"
#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/macro.h"
#include "src/common/mem.h"
#include "src/common/url.h"
#include "src/rootovl/plan/job_start.h"
#include "src/testbox/download/boot_files_check.h"
#include "src/testbox/machine/kernel_modules.h"
#include "src/testbox/plan/kernel_needs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A kernel that was chosen. */
struct choice {
	const char *file;    /* --kernel; NULL: the root's */
	const char *modules; /* --modules; NULL: none */
	char *version;	     /* of the kernel; NULL: the file does not say */
	char *of;	     /* the version that the root's image is of */
};

static void choice_done(struct choice *choice)
{
	free(choice->version);
	free(choice->of);
}

/*
 * The URL of a file of the root, links resolved inside of it. It is opened here, and never again by
 * its name: who may write to the root could lead that elsewhere.
 */
static int find_in_root(const struct rootfs *root, const char *path, struct boot_script *script,
			char **ret, struct failure *f)
{
	auto_close int fd = rootfs_openat(root, path, O_PATH);
	auto_free char *place = NULL;
	int r = fd < 0 ? fd : rootfs_place(fd, &place), file;

	if (r < 0)
		return fail_errno(f, -r, "initrd-builder build makes the image", "%s/%s",
				  root->path, path);
	file = rootfs_reopen(fd);
	if (file < 0)
		return fail_errno(f, -file, NULL, "%s", place);
	*ret = url_of_path(place);
	boot_script_add_opened(script, *ret, file);
	return 0;
}

int job_boot_add_file(struct boot_script *script, const char *path, struct failure *f)
{
	char *url;
	int r = url_of_argument(path, &url, f);

	if (r == 0)
		strv_add(&script->initrds, url);
	return r;
}

static bool is_in_root(const struct rootfs *root, const char *version)
{
	auto_failure struct failure none = { 0 };
	struct kernels kernels;
	bool found = kernels_find(root, version, &kernels, &none) == 0;

	kernels_done(&kernels);
	return found;
}

static int choose(const struct command_line *line, const struct rootfs *root, struct choice *choice,
		  struct failure *f)
{
	const char *wanted = command_value(line, "kver");
	struct kernels kernels = { 0 };
	int r = 0;

	choice->file = command_value(line, "kernel");
	choice->modules = command_value(line, "modules");
	if (choice->file)
		choice->version = boot_files_check_version(choice->file);
	if (!wanted && choice->version && is_in_root(root, choice->version))
		wanted = choice->version;
	r = kernels_find(root, wanted, &kernels, f);
	if (r == 0)
		choice->of = xstrdup(kernels.list[kernels.n - 1].version);
	if (r == 0 && !choice->file)
		choice->version = xstrdup(choice->of);
	kernels_done(&kernels);
	return r;
}

static int add_kernel(const struct choice *choice, const struct rootfs *root,
		      struct boot_script *script, struct failure *f)
{
	auto_free char *name = xasprintf("boot/vmlinuz-%s", choice->of);

	if (choice->file)
		return url_of_argument(choice->file, &script->kernel, f);
	return find_in_root(root, name, script, &script->kernel, f);
}

static int add_image(const struct command_line *line, const struct choice *choice,
		     const struct rootfs *root, struct boot_script *script, struct failure *f)
{
	const char *own = command_value(line, "image");
	auto_free char *name = xasprintf("boot/initramfs.lkp-%s.img", choice->of);
	char *url;
	int r;

	if (own)
		return job_boot_add_file(script, own, f);
	r = find_in_root(root, name, script, &url, f);
	if (r == 0)
		strv_add(&script->initrds, url);
	return r;
}

/* The names of `needs` that are not there, with blanks between; NULL: all are. Owned. */
static char *find_missing(char *const *needs, const struct kernel_modules *modules)
{
	auto_strv char **missing = NULL;

	for (size_t i = 0; needs[i]; i++)
		if (!modules || !strv_has(modules->names, needs[i]))
			strv_add(&missing, xstrdup(needs[i]));
	return missing ? strv_join(missing, " ") : NULL;
}

static int check_modules(const struct choice *choice, const struct kernel_modules *modules,
			 char *const *needs, struct failure *f)
{
	auto_free char *missing = find_missing(needs, modules);

	if (choice->version && strcmp(choice->version, modules->version) != 0)
		return fail(f, EINVAL, "give it the modules of this kernel",
			    "%s: modules of %s, and the kernel is %s", choice->modules,
			    modules->version, choice->version);
	if (!modules->dependencies && modules->names)
		return fail(f, ENOENT, "depmod -b DIR KVER makes it, before they are packed",
			    "%s: no modules.dep.bin is in it: no module can be found",
			    choice->modules);
	if (missing && modules->builtin)
		return fail(f, ENOENT, "build them, as modules or into the kernel",
			    "%s: the machine needs modules that are neither in it nor built in: %s",
			    choice->modules, missing);
	if (missing)
		log_line(LOG_WARNING,
			 "testbox: %s: no modules.builtin is in it; the kernel must have built in: "
			 "%s",
			 choice->modules, missing);
	return 0;
}

static int add_modules(const struct choice *choice, const char *run, struct boot_script *script,
		       struct failure *f)
{
	auto_strv char **needs = kernel_needs(script->args);
	auto_free char *output = xasprintf("%s/modules.cpio", run), *missing = NULL;
	struct kernel_modules modules = { 0 };
	int r = 0;

	if (choice->modules) {
		r = kernel_modules_read(choice->modules, output, &interrupted, &modules, f);
		if (r == 0)
			r = check_modules(choice, &modules, needs, f);
		if (r == 0)
			r = job_boot_add_file(script, output, f);
	} else if (choice->file && (!choice->version || strcmp(choice->version, choice->of) != 0)) {
		missing = find_missing(needs, NULL);
		log_line(
			LOG_WARNING,
			"testbox: %s: no modules of kernel %s: the root has none, and --modules is "
			"not given; it must have built in: %s",
			choice->file, choice->version ? choice->version : "(version unknown)",
			missing);
	}
	kernel_modules_done(&modules);
	return r;
}

int job_boot_add(const struct command_line *line, int root_fd, const char *run,
		 struct boot_script *script, struct failure *f)
{
	__attribute__((cleanup(choice_done))) struct choice choice = { 0 };
	const char *initrd, *name = command_value(line, "rootfs");
	struct rootfs root;
	int r = root_fd < 0 ? rootfs_open(name, &root, f)
			    : rootfs_open_below(root_fd, ".", name, &root, f);

	if (r < 0)
		return r;
	r = choose(line, &root, &choice, f);
	if (r == 0)
		r = add_kernel(&choice, &root, script, f);
	if (r == 0)
		r = add_image(line, &choice, &root, script, f);
	rootfs_close(&root);
	if (r == 0)
		r = add_modules(&choice, run, script, f);
	for (size_t i = 0; r == 0 && (initrd = command_next(line, "initrd", &i));)
		r = job_boot_add_file(script, initrd, f);
	return r;
}

void job_boot_close(const struct boot_script *script)
{
	for (size_t i = 0; i < script->n_opened; i++)
		close(script->opened[i].fd);
}

bool job_boot_needs_service(const struct command_line *line, int root_fd)
{
	static const char *const places[] = { "etc/systemd/system/", "run/systemd/system/",
					      "usr/local/lib/systemd/system/",
					      "usr/lib/systemd/system/", "lib/systemd/system/" };
	const struct rootfs root = { root_fd, NULL };

	if (!command_value(line, "script") || command_value(line, "lkp-src") ||
	    command_value(line, "initrd") || command_value(line, "root"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		auto_free char *path = xasprintf("%s" JOB_UNIT, places[i]);
		auto_close int fd = rootfs_openat(&root, path, O_PATH);

		if (fd >= 0)
			return false;
	}
	return true;
}

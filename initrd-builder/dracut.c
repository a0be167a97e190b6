// SPDX-License-Identifier: GPL-2.0-or-later
#include "dracut.h"

#include "common/mem.h"
#include "common/program.h"
#include "modules.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

#define BASE "/usr/lib/dracut"

static int stage_base(const struct staging *staging, const struct places *places, struct failure *f)
{
	static const enum place modules[] = { PLACE_MODULE, PLACE_LEAN_MODULE, PLACE_LIVE_MODULE };
	int r;

	if (access(BASE "/modules.d", R_OK) < 0)
		return fail_errno(f, errno, "install dracut", BASE "/modules.d");
	r = staging_link_all(staging, BASE, "modules.d", "base", f);
	if (r == 0)
		r = staging_link_all(staging, BASE "/modules.d", NULL, "base/modules.d", f);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(modules); i++) {
		const char *module = places->path[modules[i]];
		auto_free char *link = xasprintf("base/modules.d%s", strrchr(module, '/'));

		r = staging_link(staging, module, link, f);
	}
	return r;
}

static int stage_files(const struct staging *staging, const struct places *places,
		       struct failure *f)
{
	static const struct {
		enum place place;
		const char *name;
	} files[] = {
		{ PLACE_HELPER, "files/rootovl" },
		{ PLACE_REPORT, "files/rootovl-report" },
		{ PLACE_FETCH, "files/rootovl-fetch" },
		{ PLACE_PAYLOAD, "files/payload.conf" },
	};
	int r = staging_make_dir(staging, "files", f);

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(files); i++)
		r = staging_copy(staging, places->path[files[i].place], files[i].name, f);
	return r;
}

static int start(const struct staging *staging, const struct places *places,
		 const struct kernel *kernel, bool live, int log_fd, pid_t *ret, struct failure *f)
{
	const char *top = staging->path;
	auto_free char *base = xasprintf("dracutbasedir=%s/base", top);
	auto_free char *files = xasprintf("ROOTOVL_FILES=%s/files", top);
	auto_free char *tmp = xasprintf("%s/tmp", top);
	auto_free char *none = xasprintf("%s/none", top);
	auto_free char *modules = modules_path(staging, kernel->version);
	auto_free char *firmware = xasprintf("%s/lib/firmware/updates:%s/lib/firmware", top, top);
	auto_free char *image = staging_path(staging, DRACUT_IMAGE);
	const char *const env[] = { base, files, "LC_ALL=C", NULL };
	/* clang-format off */
	const char *const argv[] = {
		"dracut", "--force", "--no-hostonly", "--no-early-microcode",
		"--conf", places->path[PLACE_PROFILE], "--confdir", none, "--tmpdir", tmp,
		"--kmoddir", modules, "--fwdir", firmware,
		"--compress", kernel->compression->command,
		"--kver", kernel->version, image,
		live ? "--add" : NULL, "rootovl-live", NULL
	};
	/* clang-format on */
	struct program dracut = { .argv = argv, .env = env, .output = log_fd };
	int r = staging_make_dir(staging, "tmp", f);

	if (r == 0)
		r = staging_make_dir(staging, "none", f);
	return r < 0 ? r : program_start(&dracut, ret, f);
}

int dracut_start(const struct staging *staging, const struct places *places,
		 const struct kernel *kernel, bool live, int log_fd, pid_t *ret, struct failure *f)
{
	int r = stage_base(staging, places, f);

	if (r == 0)
		r = stage_files(staging, places, f);
	return r < 0 ? r : start(staging, places, kernel, live, log_fd, ret, f);
}

/* What every boot needs. */
static const char *const needed[] = {
	"etc/initrd-release",
	"init",
	"usr/bin/rootovl",
	"usr/lib/rootovl/payload.conf",
	"usr/lib/rootovl/rootovl-report",
	"usr/lib/systemd/systemd",
	"usr/lib/systemd/systemd-networkd",
	"usr/lib/systemd/system/initrd-switch-root.service",
	"usr/lib/systemd/system/rootovl.service",
	"usr/lib/rootovl/rootovl-fetch", /* the last: only where it was asked for */
};

/* The modules that are looked for, in the image or built into the kernel. */
enum { MODULE_OVERLAY, MODULE_CIFS, MODULE_NFS };
static const char *const modules[] = {
	[MODULE_OVERLAY] = "overlay",
	[MODULE_CIFS] = "cifs",
	[MODULE_NFS] = "nfs",
};

struct found {
	bool needed[ARRAY_SIZE(needed)];
	bool modules[ARRAY_SIZE(modules)];
};

static void find_module(const char *path, struct found *found)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		size_t len = strlen(modules[i]);

		found->modules[i] |=
			strncmp(name, modules[i], len) == 0 && strncmp(name + len, ".ko", 3) == 0;
	}
}

static void find_builtin(const struct staging *staging, const struct kernel *kernel,
			 struct found *found)
{
	auto_free char *dir = modules_path(staging, kernel->version);
	auto_free char *path = xasprintf("%s/modules.builtin", dir);
	auto_fclose FILE *file = fopen(path, "re");
	auto_free char *line = NULL;
	size_t room = 0;

	while (file && getline(&line, &room, file) > 0)
		find_module(line, found);
}

static void free_archive(struct archive **archive)
{
	archive_read_free(*archive);
}

static int read_image(const char *path, const struct kernel *kernel, struct found *found,
		      struct failure *f)
{
	__attribute__((cleanup(free_archive))) struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	int r;

	archive_read_support_filter_all(archive);
	archive_read_support_format_cpio(archive);
	r = archive_read_open_filename(archive, path, 1 << 20);
	while (r == ARCHIVE_OK && (r = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);

		for (size_t i = 0; name && i < ARRAY_SIZE(needed); i++)
			found->needed[i] |= strcmp(name, needed[i]) == 0;
		if (name && strncmp(name, "usr/lib/modules/", 16) == 0)
			find_module(name, found);
	}
	if (r != ARCHIVE_EOF)
		return fail(f, EIO, NULL, "the image for %s: %s", kernel->version,
			    archive_error_string(archive));
	return 0;
}

int dracut_check_image(const struct staging *staging, const struct kernel *kernel, bool live,
		       bool *ret_network, struct failure *f)
{
	auto_free char *path = staging_path(staging, DRACUT_IMAGE);
	struct found found = { 0 };
	int r = read_image(path, kernel, &found, f);

	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(needed) - !live; i++) {
		if (!found.needed[i])
			return fail(f, ENOENT, "dracut's log says what it left out",
				    "the image for %s: %s is not in it", kernel->version,
				    needed[i]);
	}
	find_builtin(staging, kernel, &found);
	if (!found.modules[MODULE_OVERLAY])
		return fail(f, ENOENT, "install all modules of this kernel in the root",
			    "the image for %s: the module %s is not in it", kernel->version,
			    modules[MODULE_OVERLAY]);
	*ret_network = found.modules[MODULE_CIFS] || found.modules[MODULE_NFS];
	return 0;
}

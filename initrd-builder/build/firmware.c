// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/firmware.h"

#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

bool firmware_is_inside(const char *name)
{
	return *name && *name != '.' && *name != '/' && !strstr(name, "/.") && !strchr(name, '\\');
}

static int copy(const struct staging *staging, const char *tree, const struct rootfs *root,
		const char *path, struct failure *f)
{
	auto_close int from = rootfs_open_within(root, path, "lib/firmware");
	auto_free char *name = xasprintf("%s/usr/%s", tree, path);
	auto_free char *place = staging_path(staging, name);
	auto_close int to = -1;
	int r;

	if (from < 0)
		return 0;
	*strrchr(name, '/') = '\0';
	r = staging_make_dir(staging, name, f);
	if (r < 0)
		return r;
	to = open(place, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	r = to < 0 ? -errno : staging_copy_fd(from, to);
	return r < 0 ? fail_errno(f, -r, NULL, "copying %s", path) : 0;
}

int firmware_stage(const struct staging *staging, const char *tree, const struct rootfs *root,
		   const char *name, struct failure *f)
{
	static const char *const dirs[] = { "lib/firmware/updates", "lib/firmware" };
	static const char *const ends[] = { "", ".xz", ".zst" };
	int r = 0;

	if (!firmware_is_inside(name))
		return fail(f, EINVAL, "remove the module", "%s: a module asks for the firmware %s",
			    root->path, name);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(dirs) * ARRAY_SIZE(ends); i++) {
		auto_free char *path = xasprintf("%s/%s%s", dirs[i / ARRAY_SIZE(ends)], name,
						 ends[i % ARRAY_SIZE(ends)]);

		r = copy(staging, tree, root, path, f);
	}
	return r;
}

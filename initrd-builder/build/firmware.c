// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/firmware.h"

#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX ((off_t)256 << 20) /* the largest that there are have 100 MiB */

bool firmware_is_inside(const char *name)
{
	return *name && *name != '.' && *name != '/' && !strstr(name, "/.") && !strchr(name, '\\');
}

/* Copies it where there is room for it. */
static int copy_open(int from, int to, off_t *left, const struct rootfs *root, const char *path,
		     struct failure *f)
{
	off_t most = *left < FILE_MAX ? *left : FILE_MAX;
	struct stat st;
	int r = to < 0 ? -errno : staging_copy_fd(from, to, most);

	if (r == 0)
		r = fstat(to, &st) < 0 ? -errno : 0;
	if (r == -EFBIG)
		return fail(f, EFBIG, "remove it, or the modules that ask for it",
			    "%s: %s: larger than %d MiB, or all firmware than %d GiB", root->path,
			    path, (int)(FILE_MAX >> 20), (int)(FIRMWARE_MAX >> 30));
	if (r < 0)
		return fail_errno(f, -r, r == -ENOSPC ? "TMPDIR names another place" : NULL,
				  "copying %s", path);
	*left -= st.st_size;
	return 0;
}

static int copy(const struct staging *staging, const char *tree, const struct rootfs *root,
		const char *path, off_t *left, struct failure *f)
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
	return copy_open(from, to, left, root, path, f);
}

int firmware_stage(const struct staging *staging, const char *tree, const struct rootfs *root,
		   const char *name, off_t *left, struct failure *f)
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

		r = copy(staging, tree, root, path, left, f);
	}
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/init/switch_root.h"

#include "src/common/files.h"
#include "src/common/macro.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Is it the memory that an initramfs lies in? Nothing else may be emptied. */
static bool is_memory(int dir)
{
	struct statfs fs;

	return fstatfs(dir, &fs) == 0 && (fs.f_type == RAMFS_MAGIC || fs.f_type == TMPFS_MAGIC);
}

static int move_all(struct failure *f)
{
	static const char *const places[] = { "/dev", "/proc", "/sys", "/run" };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		auto_free char *to = xasprintf(SYSROOT "%s", places[i]);

		if (mount(places[i], to, NULL, MS_MOVE, NULL) < 0)
			return fail_errno(f, errno, NULL, "%s", to);
	}
	return 0;
}

static int change_root(struct failure *f)
{
	if (chdir(SYSROOT) < 0 || mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0 ||
	    chdir("/") < 0)
		return fail_errno(f, errno, NULL, SYSROOT);
	return 0;
}

static void execute(const char *init, char **argv, struct failure *f)
{
	static const char *const usual[] = { "/usr/lib/systemd/systemd", "/lib/systemd/systemd",
					     "/sbin/init", "/etc/init", "/bin/init" };

	for (size_t i = 0; i < (init ? 1 : ARRAY_SIZE(usual)); i++) {
		argv[0] = (char *)(init ? init : usual[i]);
		execv(argv[0], argv);
	}
	fail_errno(f, errno, "it is what the root runs first", "%s", argv[0]);
}

void switch_root(const char *init, char **argv, struct failure *f)
{
	int old = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (move_all(f) < 0 || change_root(f) < 0)
		return;
	/* It has no path any more but this one. */
	if (old >= 0 && is_memory(old)) {
		auto_free char *path = xasprintf("/proc/self/fd/%d/.", old);

		file_remove_tree(path);
	}
	execute(init, argv, f);
}

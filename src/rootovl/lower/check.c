// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Can the mounted lower be a root? A server may give a tree that mounts well and cannot boot:
 * without links, with every file owned by nobody. It is refused here, with what to change, for
 * after switch_root there is only a frozen init.
 */
#include "src/rootovl/lower/check.h"

#include <errno.h>
#include <string.h>

#define INIT_HINT "is this path the root of an operating system?"

/*
 * What the initramfs's systemd will execute: init= alone where it is given; else systemd, and where
 * there is none /sbin/init (systemd's do_reexecute()).
 */
static int check_init(struct newroot *lower, const char *init, bool cifs, struct failure *f)
{
	const char *path = init ? init : "/usr/lib/systemd/systemd";
	struct stat st;
	int r = newroot_stat(lower, path, true, &st);

	if (r < 0 && !init) {
		path = "/sbin/init";
		r = newroot_stat(lower, path, true, &st);
	}
	if (r < 0)
		return fail_errno(f, -r, cifs ? CHECK_CIFS_HINT : INIT_HINT, "no %s%s in the lower",
				  init ? "" : "/usr/lib/systemd/systemd and no ", path);
	if (!S_ISREG(st.st_mode) || !(st.st_mode & 0111))
		return fail(f, ENOEXEC, INIT_HINT, "%s in the lower is no program", path);
	return 0;
}

/* systemd switches only to a root that says what it is (os-release(5)). */
static int check_os_release(struct newroot *lower, bool cifs, struct failure *f)
{
	struct stat st;
	/* First where it is a file, as a rule; in /etc it is a link to that. */
	int r = newroot_stat(lower, "/usr/lib/os-release", true, &st);

	if (r < 0)
		r = newroot_stat(lower, "/etc/os-release", true, &st);
	if (r < 0)
		return fail_errno(f, -r, cifs ? CHECK_CIFS_HINT : INIT_HINT,
				  "no os-release in the lower's /etc and /usr/lib");
	return 0;
}

static int check_owner(struct newroot *lower, bool cifs, struct failure *f)
{
	static const char *const paths[] = { "/", "/etc", "/usr" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct stat st;

		if (newroot_stat(lower, paths[i], false, &st) == 0 && st.st_uid != 0)
			return fail(
				f, EPERM,
				cifs ? "the server must tell owners (Unix or POSIX extensions), "
				       "without uid= or forceuid among the options"
				     : "NFSv4 without an id mapper: let the server send numbers "
				       "(Only_Numeric_Owners in ganesha), or use vers=3",
				"%s in the lower belongs to user %u, not to root", paths[i],
				st.st_uid);
	}
	return 0;
}

int check_newroot(struct newroot *lower, const char *init, bool cifs, struct failure *f)
{
	int r = check_owner(lower, cifs, f);

	if (r == 0)
		r = check_init(lower, init, cifs, f);
	return r < 0 ? r : check_os_release(lower, cifs, f);
}

int check_is_root(int dir, const char *init, struct failure *f)
{
	struct newroot *root = NULL;
	int r = newroot_open(dir, &root, f);

	if (r == 0)
		r = check_newroot(root, init, false, f);
	newroot_close(root);
	return r;
}

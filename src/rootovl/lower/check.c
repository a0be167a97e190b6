// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Can the mounted lower be a root? A server may give a tree that mounts well and cannot boot:
 * without links, with every file owned by nobody. It is refused here, with what to change, for
 * after switch_root there is only a frozen init.
 */
#include "src/rootovl/lower/check.h"
#include "src/rootovl/steps/steps.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/root_options.h"

#include <errno.h>
#include <string.h>

#define CIFS_HINT                                                                                  \
	"SMB without Unix or POSIX extensions cannot carry a root: use vers=1.0 with \"unix "      \
	"extensions = yes\" on the server, or vers=3.1.1,posix with \"smb3 unix extensions = "     \
	"yes\""
#define INIT_HINT "is this path the root of an operating system?"

/* Do the files come by SMB one by one? What is in an image has links and owners whatever brings it.
 */
static bool is_cifs(const struct boot *boot)
{
	const struct root_source *source = &boot->plan->settings.root;

	return source->kind == ROOT_CIFS && !root_source_is_image(source);
}

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
		return fail_errno(f, -r, cifs ? CIFS_HINT : INIT_HINT, "no %s%s in the lower",
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
		return fail_errno(f, -r, cifs ? CIFS_HINT : INIT_HINT,
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

/* Every system has some of these as links; a server that shows none of them hides them all. */
static int check_links(struct newroot *lower, struct failure *f)
{
	static const char *const links[] = { "/bin",	  "/sbin/init",
					     "/etc/mtab", "/etc/os-release",
					     "/var/run",  "/usr/bin/awk",
					     "/etc/rc.d", "/lib64" };

	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		struct stat st;

		if (newroot_stat(lower, links[i], false, &st) == 0 && S_ISLNK(st.st_mode))
			return 0;
	}
	return fail(f, ENOTSUP, CIFS_HINT, "the lower shows no symbolic links");
}

static void read_once(struct newroot *lower, const char *path)
{
	auto_free char *text = NULL;
	size_t len;

	(void)newroot_read(lower, path, 4 << 20, &text, &len);
}

/* Not fatal, for root needs none of them; but `su` in a job would fail for no visible reason. */
static void check_setuid(struct boot *boot, struct newroot *lower)
{
	static const char *const programs[] = { "/usr/bin/su", "/bin/su", "/usr/bin/passwd",
						"/usr/bin/sudo" };
	static const char lost[] =
		"the lower shows no setuid files: su and sudo will fail for users";
	bool posix = is_cifs(boot) && root_options_get(&boot->plan->settings.root, "posix");

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		struct stat st;

		/* With POSIX extensions Linux 6.12 forgets the mode of a file that was opened. */
		if (posix)
			read_once(lower, programs[i]);
		if (newroot_stat(lower, programs[i], true, &st) < 0)
			continue;
		if (!(st.st_mode & S_ISUID)) {
			log_line(LOG_WARNING, "%s (%s)", lost, programs[i]);
			report_add(boot->report, "warnings", lost);
		}
		return;
	}
}

/*
 * ping has a file capability and no setuid in some distributions. Where the lower keeps no such
 * attributes, nobody can tell whether it had one; that it may fail for users is worth a word.
 */
static void check_capabilities(struct boot *boot, struct newroot *lower)
{
	static const char lost[] =
		"the lower keeps no file capabilities: /usr/bin/ping may fail for "
		"users (an image as the root keeps them, or make it setuid)";
	struct stat st;

	if (newroot_has_xattr(lower, "/", "security.capability") != -EOPNOTSUPP ||
	    newroot_stat(lower, "/usr/bin/ping", true, &st) < 0 || (st.st_mode & S_ISUID))
		return;
	log_line(LOG_WARNING, "%s", lost);
	report_add(boot->report, "warnings", lost);
}

static int check_files(struct newroot *lower, const char *init, bool cifs, struct failure *f)
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
		r = check_files(root, init, false, f);
	newroot_close(root);
	return r;
}

int step_check_lower(struct boot *boot, const struct step *step, struct failure *f)
{
	struct newroot *lower;
	bool cifs = is_cifs(boot);
	int r = newroot_open(boot->lower, &boot->newroot, f);

	if (r < 0)
		return r;
	lower = boot->newroot;
	r = check_files(lower, step->init, cifs, f);
	if (r == 0 && cifs)
		r = check_links(lower, f);
	if (r < 0)
		return r;
	check_setuid(boot, lower);
	check_capabilities(boot, lower);
	return 0;
}

void undo_check_lower(struct boot *boot, const struct step *step)
{
	(void)step;
	newroot_close(boot->newroot);
	boot->newroot = NULL;
}

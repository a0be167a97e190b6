// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks whether the mounted lower can be a root. A server may give a tree that mounts well and
 * cannot boot: without links, with all files owned by "nobody", or with files that root cannot
 * read. The check refuses it with a hint what to change. After switch_root(8) it would be too late:
 * init freezes, or every login fails.
 */
#include "src/rootovl/lower/check.h"

#include "src/common/mem.h"
#include "src/rootovl/lower/check_hints.h"

#include <errno.h>
#include <string.h>

/* Holds what each check needs. */
struct check {
	struct newroot *lower;
	const struct root_source *source;
	struct failure *f;
};

/* Adds the hint for a fault to the failure that was just recorded. Returns -code of the failure. */
static int with_hint(const struct check *c, enum check_fault fault)
{
	set_text(&c->f->hint, check_hints(c->source, fault));
	return -c->f->code;
}

static bool is_denied(int r)
{
	return r == -EACCES || r == -EPERM;
}

/*
 * Checks the program that the initramfs's systemd will execute: the one of init= if it is given,
 * otherwise systemd, or /sbin/init if there is no systemd (do_reexecute() in systemd).
 */
static int check_init(const struct check *c, const char *init)
{
	const char *path = init ? init : "/usr/lib/systemd/systemd";
	struct stat st;
	int r = newroot_stat(c->lower, path, true, &st);

	if (r < 0 && !init) {
		path = "/sbin/init";
		r = newroot_stat(c->lower, path, true, &st);
	}
	if (r < 0) {
		fail_errno(c->f, -r, NULL, "no %s%s in the lower",
			   init ? "" : "/usr/lib/systemd/systemd and no ", path);
		return with_hint(c, is_denied(r) ? CHECK_DENIED : CHECK_ABSENT);
	}
	if (!S_ISREG(st.st_mode) || !(st.st_mode & 0111))
		return fail(c->f, ENOEXEC, "is this path the root of an operating system?",
			    "%s in the lower is no program", path);
	return 0;
}

/* Checks for an os-release(5) file: systemd refuses to switch to a root without one. */
static int check_os_release(const struct check *c)
{
	struct stat st;
	/* /usr/lib has the file; /etc/os-release is mostly a link to it. */
	int r = newroot_stat(c->lower, "/usr/lib/os-release", true, &st);

	if (r < 0)
		r = newroot_stat(c->lower, "/etc/os-release", true, &st);
	if (r == 0)
		return 0;
	fail_errno(c->f, -r, NULL, "no os-release in the lower's /etc and /usr/lib");
	return with_hint(c, is_denied(r) ? CHECK_DENIED : CHECK_ABSENT);
}

static int check_owner(const struct check *c)
{
	static const char *const paths[] = { "/", "/etc", "/usr" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct stat st;

		if (newroot_stat(c->lower, paths[i], false, &st) < 0 || st.st_uid == 0)
			continue;
		fail(c->f, EPERM, NULL, "%s in the lower belongs to user %u, not to root", paths[i],
		     st.st_uid);
		return with_hint(c, CHECK_OWNER);
	}
	return 0;
}

/*
 * Checks that all users may pass these directories: otherwise no service can start that does not
 * run as root. "/" is not checked here, because the overlay shows the one of the upper.
 */
static int check_open(const struct check *c)
{
	static const char *const paths[] = { "/etc", "/usr", "/usr/lib", "/usr/bin",
					     "/lib", "/bin", "/var" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct stat st;

		/* A link is not followed here: it leads below /usr, which the list has too. */
		if (newroot_stat(c->lower, paths[i], false, &st) < 0 || !S_ISDIR(st.st_mode) ||
		    (st.st_mode & S_IXOTH))
			continue;
		fail(c->f, EACCES, NULL, "%s in the lower has mode %o: only root may pass it",
		     paths[i], st.st_mode & 07777);
		return with_hint(c, CHECK_CLOSED);
	}
	return 0;
}

static int fail_denied(const struct check *c, int r, const char *path)
{
	fail_errno(c->f, -r, NULL, "root may not read %s in the lower", path);
	return with_hint(c, CHECK_DENIED);
}

/*
 * Checks whether root can read a file that other users may not. Returns 1 if it can, 0 if there is
 * no such file, or a failure.
 */
static int try_file(const struct check *c, const char *path)
{
	auto_free char *text = NULL;
	struct stat st;
	size_t len;
	int r = newroot_stat(c->lower, path, true, &st);

	if (is_denied(r))
		return fail_denied(c, r, path);
	if (r < 0 || !S_ISREG(st.st_mode) || (st.st_mode & S_IROTH))
		return 0;
	r = newroot_read(c->lower, path, 1 << 20, &text, &len);
	if (text)
		explicit_bzero(text, len);
	if (is_denied(r))
		return fail_denied(c, r, path);
	if (r == -ENOENT)
		return 0;
	return r < 0 && r != -EFBIG ? fail_errno(c->f, -r, "the server stopped answering?",
						 "%s in the lower", path)
				    : 1;
}

/*
 * Checks whether root may read what only root may. A server may map root to "nobody" (root_squash,
 * a guest login, a daemon of an ordinary user). Such a system boots, but cannot check passwords,
 * starts no sshd, and has no home directories for jobs. The test reads one file, and one name below
 * a directory, that only root may read.
 */
static int check_readable(const struct check *c)
{
	static const char *const files[] = { "/etc/shadow", "/etc/gshadow", "/etc/sudoers" };
	struct stat st;
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(files); i++)
		r = try_file(c, files[i]);
	if (r < 0)
		return r;
	r = newroot_stat(c->lower, "/root/.profile", false, &st);
	return is_denied(r) ? fail_denied(c, r, "/root") : 0;
}

int check_newroot(struct newroot *lower, const char *init, const struct root_source *source,
		  struct failure *f)
{
	const struct check c = { lower, source, f };
	int r = check_owner(&c);

	if (r == 0)
		r = check_init(&c, init);
	if (r == 0)
		r = check_os_release(&c);
	if (r == 0)
		r = check_open(&c);
	return r < 0 ? r : check_readable(&c);
}

int check_is_root(int dir, const char *init, struct failure *f)
{
	struct newroot *root = NULL;
	int r = newroot_open(dir, &root, f);

	if (r == 0)
		r = check_newroot(root, init, NULL, f);
	newroot_close(root);
	return r;
}

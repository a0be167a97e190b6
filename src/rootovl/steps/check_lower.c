// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "check lower": checks whether the mounted lower can be a root.
 *
 * Runs after "mount lower", before anything is written to a disk. Needs boot->lower. Leaves
 * boot->newroot, which resolves paths inside the lower, and warnings in the report.
 *
 * A server may give a tree that mounts well and cannot boot: without links, or with all files owned
 * by "nobody". The step refuses it, because after switch_root(8) init would only freeze.
 */
#include "src/rootovl/steps/check_lower.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/configure/least_clock.h"
#include "src/rootovl/lower/check.h"
#include "src/rootovl/lower/check_hints.h"
#include "src/rootovl/lower/selinux.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/root_options.h"

#include <errno.h>

/*
 * Returns whether the files are read one by one over SMB. An image keeps its own links and owners,
 * whatever protocol transports it.
 */
static bool is_cifs(const struct boot *boot)
{
	const struct root_source *source = &boot->plan->settings.root;

	return source->kind == ROOT_CIFS && !root_source_is_image(source);
}

/*
 * Checks that symbolic links work. Every system has some of these links, so a server that shows
 * none of them hides all links. QEMU's 9p with mapped security shows links and cannot read them.
 */
static int check_links(const struct boot *boot, struct newroot *lower, struct failure *f)
{
	static const char *const links[] = { "/bin",	  "/sbin/init",
					     "/etc/mtab", "/etc/os-release",
					     "/var/run",  "/usr/bin/awk",
					     "/etc/rc.d", "/lib64" };
	const struct root_source *source = &boot->plan->settings.root;
	auto_free char *hint = check_hints(source, CHECK_LINKS);
	auto_free char *target = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		struct stat st;
		int r = newroot_stat(lower, links[i], false, &st);

		if (r < 0 || !S_ISLNK(st.st_mode))
			continue;
		r = source->kind == ROOT_9P ? newroot_readlink(lower, links[i], &target) : 0;
		return r < 0 ? fail_errno(f, -r, hint, "the link %s in the lower", links[i]) : 0;
	}
	return fail(f, ENOTSUP, hint, "the lower shows no symbolic links");
}

static void read_once(struct newroot *lower, const char *path)
{
	auto_free char *text = NULL;
	size_t len;

	(void)newroot_read(lower, path, 4 << 20, &text, &len);
}

/*
 * Warns about missing setuid bits. root needs none of them, but su(1) in a job would fail without a
 * visible reason.
 */
static void check_setuid(struct boot *boot, struct newroot *lower)
{
	static const char *const programs[] = { "/usr/bin/su", "/bin/su", "/usr/bin/passwd",
						"/usr/bin/sudo" };
	static const char lost[] =
		"the lower shows no setuid files: su and sudo will fail for users";
	bool posix = is_cifs(boot) && root_options_get(&boot->plan->settings.root, "posix");

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		struct stat st;

		/*
		 * With the POSIX extensions of SMB, Linux 6.12 loses the mode of a file that was
		 * opened.
		 */
		if (posix)
			read_once(lower, programs[i]);
		if (newroot_stat(lower, programs[i], true, &st) < 0)
			continue;
		if (st.st_uid != 0 || !(st.st_mode & S_ISUID)) {
			log_line(LOG_WARNING, "%s (%s)", lost, programs[i]);
			report_add(boot->report, "warnings", lost);
		}
		return;
	}
}

/*
 * Warns about missing file capabilities. Some distributions give ping(8) a capability instead of
 * setuid. If the lower does not support such attributes, ping may fail for users.
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

/*
 * Warns that only root may pass "/" on the server. newroot_set_upper() opens the upper's "/", which
 * the overlay shows, but the server's should be fixed too.
 */
static void tell_closed_root(struct boot *boot, struct newroot *lower)
{
	const struct root_source *source = &boot->plan->settings.root;
	auto_free char *hint = check_hints(boot->result->copy ? NULL : source, CHECK_CLOSED);
	auto_free char *text = NULL;
	struct stat st;

	if (newroot_stat(lower, "/", false, &st) < 0 || (st.st_mode & S_IXOTH))
		return;
	text = xasprintf("/ in the lower has mode %o: only root may pass it, so the new root's has "
			 "755 (%s)",
			 st.st_mode & 07777, hint);
	log_line(LOG_WARNING, "%s", text);
	report_add(boot->report, "warnings", text);
}

static void check_selinux(struct boot *boot, struct newroot *lower)
{
	static const char refused[] =
		"/etc/selinux/config in the lower says enforcing, and its files have no labels: "
		"no service may start (add selinux=0 or enforcing=0 to the kernel line)";

	if (boot->plan->settings.permissive || !selinux_refuses(lower))
		return;
	log_console(LOG_WARNING, "%s", refused);
	report_add(boot->report, "warnings", refused);
}

int step_check_lower(struct boot *boot, const struct step *step, struct failure *f)
{
	const struct root_source *source = &boot->plan->settings.root;
	struct newroot *lower;
	int r = newroot_open(boot->lower, &boot->newroot, f);

	if (r < 0)
		return r;
	lower = boot->newroot;
	/*
	 * Links are checked first: on a 9p mount that cannot read links, /bin and /sbin are missing
	 * too.
	 */
	if (!boot->result->copy && source->kind == ROOT_9P)
		r = check_links(boot, lower, f);
	if (r == 0)
		r = check_newroot(lower, step->init, boot->result->copy ? NULL : source, f);
	if (r == 0 && is_cifs(boot))
		r = check_links(boot, lower, f);
	if (r < 0)
		return r;
	tell_closed_root(boot, lower);
	check_setuid(boot, lower);
	check_capabilities(boot, lower);
	check_selinux(boot, lower);
	least_clock_of_root(boot->clock, lower, boot->report);
	return 0;
}

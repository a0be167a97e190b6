// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "leave names": what the running system looks for by name.
 * Runs last before the overlay is mounted. Needs boot->newroot, boot->lower, boot->upper and
 * boot->local. Leaves links, directories, the host name and name servers in the upper, and in /run
 * what holds the network that the lower hangs on, and what the root's services are to know of it.
 */
#include "src/rootovl/steps/leave_names.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/resolv_conf.h"
#include "src/rootovl/configure/job_check.h"
#include "src/rootovl/configure/network_hold.h"
#include "src/rootovl/configure/network_names.h"
#include "src/rootovl/machine/address.h"
#include "src/rootovl/machine/leases.h"
#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Creates the names that Compass-CI has for the layers. */
static int link_layers(struct boot *boot, struct failure *f)
{
	int r = newroot_symlink(boot->newroot, RUN_LOWER, "/live/image", f);

	return r < 0 ? r : newroot_symlink(boot->newroot, RUN_UPPER, "/live/cow", f);
}

/*
 * Creates the mount points of systemd (/proc and so on) in the upper alone. A lookup of /proc/…
 * then sends no request to the server, which may be dead. Skips a root without such a directory,
 * and an upper that has no opaque marks.
 */
static void hide_mountpoints(const struct boot *boot)
{
	static const char *const names[] = { "dev", "proc", "run", "sys" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		auto_close int fd = -1;
		struct stat st;

		if (fstatat(boot->lower, names[i], &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISDIR(st.st_mode) || mkdirat(boot->upper, names[i], 0700) < 0)
			continue;
		fd = openat(boot->upper, names[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 || fchown(fd, st.st_uid, st.st_gid) < 0 ||
		    fchmod(fd, st.st_mode & 07777) < 0 ||
		    fsetxattr(fd, "trusted.overlay.opaque", "y", 1, 0) < 0)
			unlinkat(boot->upper, names[i], AT_REMOVEDIR);
	}
}

/* Warns if the job of this boot is missing, or cannot be run. */
static void check_job(const struct boot *boot, const char *job)
{
	auto_free char *text = job ? job_check_files(boot->newroot, job) : NULL;

	if (!text)
		return;
	log_console(LOG_WARNING, "%s", text);
	report_add(boot->report, "warnings", text);
}

/*
 * Returns the host name from DHCP: from networkd's lease, or as dracut's own scripts set it in the
 * kernel. Used only if the initramfs has no host name of its own.
 */
static char *lease_name(unsigned index)
{
	char *name = leases_host_name(index);
	struct utsname uts;

	if (!name && access("/etc/initrd-release", F_OK) == 0 &&
	    access("/etc/hostname", F_OK) < 0 && uname(&uts) == 0)
		name = xstrdup(uts.nodename);
	return name;
}

/*
 * Passes names from the network, for example of name servers, to the root. `interface` is the one
 * that the lower needs; NULL if the lower needs no network.
 */
static int leave_network_names(struct boot *boot, const struct step_names *step,
			       const char *interface, struct failure *f)
{
	unsigned index = interface ? if_nametoindex(interface) : 0;
	auto_free char *lease = lease_name(index);
	struct resolv_names names;
	int r = network_names_host(boot->newroot, step->hostname, step->line_name, lease,
				   boot->report, f);

	resolv_conf_read(&names, index);
	if (r == 0)
		r = network_names_servers(boot->newroot, &names, interface != NULL, boot->report,
					  f);
	resolv_names_done(&names);
	return r;
}

/* Keeps the network that the lower needs, and passes the names from the network to the root. */
static int settle_network(struct boot *boot, const struct step_names *step, struct failure *f)
{
	auto_free char *interface = *boot->local ? address_interface(boot->local) : NULL;
	int r;

	if (*boot->local && !interface)
		return fail(f, ENODEV, "the network has changed: boot again",
			    "no interface has the address %s any more", boot->local);
	r = leave_network_names(boot, step, interface, f);
	return r == 0 && interface ? network_hold(interface, boot->local, f) : r;
}

int step_leave_names(struct boot *boot, const struct step *step, struct failure *f)
{
	int r = link_layers(boot, f);

	if (r == 0)
		r = settle_network(boot, &step->names, f);
	if (r < 0)
		return r;
	hide_mountpoints(boot);
	check_job(boot, step->names.job);
	return 0;
}

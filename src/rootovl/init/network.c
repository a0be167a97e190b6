// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/init/network.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/boot/network_units.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define NETWORKD "/usr/lib/systemd/systemd-networkd"

/*
 * networkd waits for udev's word on each card, unless it runs where udev cannot: it takes a
 * read-only /sys for a sign of that (udev_available() in systemd's sources). It gives up root's
 * rights itself.
 */
static void become_networkd(void)
{
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/sys", NULL,
		  MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL) < 0)
		_exit(126);
	setenv("SYSTEMD_LOG_TARGET", "kmsg", 1);
	execl(NETWORKD, NETWORKD, (char *)NULL);
	_exit(127);
}

/*
 * networkd wants one for its DHCP identities, and the image has none; systemd makes one by chance
 * too. By this file, which does not wait until the kernel has gathered chance enough, as
 * getrandom(2) would.
 */
static void give_machine_id(void)
{
	auto_free char *text = NULL;
	size_t n = 0;

	if (file_read(AT_FDCWD, "/proc/sys/kernel/random/uuid", 64, &text) < 0)
		return;
	for (const char *c = text; *c; c++)
		if (*c != '-')
			text[n++] = *c;
	text[n] = '\0';
	file_write(AT_FDCWD, "/etc/machine-id", text, 0444);
}

void network_start(void)
{
	auto_failure struct failure f = { 0 };
	auto_free char *number = NULL;
	pid_t child;

	if (network_units_make(&f) < 0)
		log_console(LOG_ERR, "the network: %s", f.what);
	give_machine_id();
	child = fork();
	if (child == 0)
		become_networkd();
	if (child < 0) {
		log_console(LOG_ERR, "the network: %s", strerror(errno));
		return;
	}
	number = xasprintf("%d\n", (int)child);
	file_make_dirs(RUN_DIR);
	file_write(AT_FDCWD, RUN_NETWORKD, number, 0644);
}

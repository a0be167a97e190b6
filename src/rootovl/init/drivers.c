// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/init/drivers.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/init/card_names.h"
#include "src/rootovl/machine/events.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <libkmod.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_MS      30000
#define WORKERS	      8 /* drivers that look for their devices at the same time */
#define ALIAS_MAX     4096
#define EVENT_MAX     8192
#define KERNEL_EVENTS 1 /* the group of the kernel's own messages; 2 has udev's */

/*
 * Disks and keyboards, by their modaliases: a boot that asks for no disk and does not fail needs
 * none of them, and the root's udev finds them again. The fields are in the kernel's file2alias.c.
 */
static const char *const not_at_first[] = {
	"pci:*bc01*", "virtio:d00000002*", "virtio:d00000008*", "scsi:*", "mmc:*",   "nvme*",
	"xen:vbd",    "xen-backend:*",	   "serio:*",		"hid:*",  "input:*", "usb:*ic03*",
};

struct drivers {
	struct kmod_ctx *modules;
	bool all;
	char **seen; /* modaliases that were looked up */
	unsigned workers;
};

static bool is_wanted(const struct drivers *drivers, const char *alias)
{
	/* Processors' modules take half a second to test themselves, and the root's udev loads
	 * them. */
	if (!strncmp(alias, "cpu:", 4))
		return false;
	for (size_t i = 0; !drivers->all && i < ARRAY_SIZE(not_at_first); i++)
		if (fnmatch(not_at_first[i], alias, 0) == 0)
			return false;
	return true;
}

/* Does the driver lack, and has the image got it? */
static bool is_to_load(struct kmod_list *found)
{
	struct kmod_list *item;
	bool lacks = false;

	kmod_list_foreach (item, found) {
		struct kmod_module *module = kmod_module_get_module(item);
		int state = kmod_module_get_initstate(module);

		lacks |= state != KMOD_MODULE_LIVE && state != KMOD_MODULE_BUILTIN;
		kmod_module_unref(module);
	}
	return lacks;
}

/* A blacklist in modprobe.d or modprobe.blacklist= holds. */
static void insert(struct kmod_list *found)
{
	struct kmod_list *item;

	kmod_list_foreach (item, found) {
		struct kmod_module *module = kmod_module_get_module(item);
		int r = kmod_module_probe_insert_module(module, KMOD_PROBE_APPLY_BLACKLIST, NULL,
							NULL, NULL, NULL);

		if (r < 0)
			log_line(LOG_WARNING, "driver %s: %s", kmod_module_get_name(module),
				 strerror(-r));
		kmod_module_unref(module);
	}
}

static void wait_worker(struct drivers *drivers)
{
	if (wait(NULL) > 0)
		drivers->workers--;
}

/* A process each: a driver that resets its hardware takes seconds, and others need not wait. */
static void load(struct drivers *drivers, const char *alias)
{
	struct kmod_list *found = NULL;
	pid_t worker;

	if (!is_wanted(drivers, alias) || strv_has(drivers->seen, alias))
		return;
	strv_add(&drivers->seen, xstrdup(alias));
	if (kmod_module_new_from_lookup(drivers->modules, alias, &found) < 0 ||
	    !is_to_load(found)) {
		kmod_module_unref_list(found);
		return;
	}
	while (drivers->workers >= WORKERS)
		wait_worker(drivers);
	worker = fork();
	if (worker <= 0)
		insert(found); /* without another process, in this one */
	if (worker == 0)
		_exit(0);
	if (worker > 0)
		drivers->workers++;
	kmod_module_unref_list(found);
}

static bool load_present(struct drivers *drivers)
{
	size_t seen = strv_len(drivers->seen);
	glob_t files;

	if (glob("/sys/bus/*/devices/*/modalias", 0, NULL, &files) != 0)
		return false;
	for (size_t i = 0; i < files.gl_pathc; i++) {
		auto_free char *alias = NULL;

		if (file_read(AT_FDCWD, files.gl_pathv[i], ALIAS_MAX, &alias) < 0)
			continue;
		alias[strcspn(alias, "\n")] = '\0';
		if (*alias)
			load(drivers, alias);
	}
	globfree(&files);
	while (drivers->workers)
		wait_worker(drivers);
	return strv_len(drivers->seen) > seen;
}

/* The value of a variable in a message of the kernel, "NAME=value" and NUL each; NULL: it has none.
 */
static const char *variable(const char *message, size_t len, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = message; at < message + len; at += strlen(at) + 1)
		if (!strncmp(at, name, n) && at[n] == '=')
			return at + n + 1;
	return NULL;
}

/* The message ends with a NUL: one more is behind it in any case. */
static void take_event(struct drivers *drivers, const char *message, size_t len)
{
	const char *action = variable(message, len, "ACTION");
	const char *alias = variable(message, len, "MODALIAS");
	const char *card = variable(message, len, "INTERFACE");

	if (!action || strcmp(action, "add") != 0)
		return;
	if (alias)
		load(drivers, alias);
	if (card)
		card_names_give(card);
	while (drivers->workers)
		wait_worker(drivers);
}

/* Devices of which a driver is loaded show more of them: a bus, then what is on it. */
static void load_all(struct drivers *drivers)
{
	while (load_present(drivers))
		continue;
	card_names_give_all();
}

static void follow_events(struct drivers *drivers, int events)
{
	struct pollfd ready = { .fd = events, .events = POLLIN };

	for (;;) {
		char message[EVENT_MAX + 1];
		struct sockaddr_nl sender = { 0 };
		socklen_t size = sizeof(sender);
		ssize_t n =
			recvfrom(events, message, EVENT_MAX, 0, (struct sockaddr *)&sender, &size);

		if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
			poll(&ready, 1, -1);
			continue;
		}
		if (n < 0 && errno != ENOBUFS)
			return;
		/* The kernel dropped events (netlink(7)): look for all devices again. */
		if (n < 0)
			load_all(drivers);
		if (n > 0 && sender.nl_pid == 0) {
			message[n] = '\0';
			take_event(drivers, message, (size_t)n);
		}
	}
}

static void run(int done, bool all)
{
	int events = events_listen(NETLINK_KOBJECT_UEVENT, KERNEL_EVENTS);
	struct drivers drivers = { .modules = kmod_new(NULL, NULL), .all = all };

	if (drivers.modules) {
		kmod_load_resources(drivers.modules);
		load_all(&drivers);
	} else {
		card_names_give_all();
	}
	close(done);
	if (drivers.modules && events >= 0)
		follow_events(&drivers, events);
}

/* The process that follows events, and whether it loads all drivers. */
static pid_t follower;
static bool follows_all;

void drivers_start(bool all)
{
	int ends[2];
	struct pollfd ready = { .events = POLLIN };

	if (follower > 0 && (follows_all || !all))
		return;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return log_console(LOG_ERR, "drivers: %s", strerror(errno));
	if (follower > 0 && kill(follower, SIGKILL) == 0)
		waitpid(follower, NULL, 0);
	follower = fork();
	follows_all = all;
	if (follower == 0) {
		close(ends[0]);
		run(ends[1], all);
		_exit(0);
	}
	if (follower < 0)
		log_console(LOG_ERR, "drivers: %s", strerror(errno));
	close(ends[1]);
	ready.fd = ends[0];
	if (poll(&ready, 1, FIRST_MS) == 0)
		log_console(LOG_NOTICE, "drivers: some take longer than %d s", FIRST_MS / 1000);
	close(ends[0]);
}

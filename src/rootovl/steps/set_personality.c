// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "set personality": name, address and password of this machine, from a medium.
 * Runs after "copy payload". Needs boot->newroot and the medium, for which it waits until
 * boot->deadline, as for an interface that is up. Leaves files in the upper, an address on the
 * network, and the word "ok" or "failed: WHY" with the launcher.
 */
#include "src/rootovl/steps/set_personality.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/configure/personality.h"
#include "src/rootovl/machine/address.h"
#include "src/rootovl/machine/device.h"
#include "src/rootovl/machine/events.h"
#include "src/rootovl/machine/mount_causes.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/mount.h>

#define PORT_DRIVER   "/sys/bus/virtio/drivers/virtio_console/virtio*"
#define PORT_MS	      5000
#define RETRY_MS      100
#define KERNEL_EVENTS 1
#define PORT_NAMES    "/sys/class/virtio-ports/*/name"
#define PORT_NAME     "org.rootovl.personality"

/* Reads the file on the mounted medium. Does not follow links. */
static int read_file(char **ret, struct failure *f)
{
	auto_close int fd = open(RUN_SHARE "/" PERSONALITY_FILE,
				 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	size_t len;
	int r = fd < 0 ? -errno : file_read_fd(fd, PERSONALITY_SIZE_MAX, ret, &len);

	if (r == 0 && strlen(*ret) != len)
		r = -EILSEQ;
	return r < 0 ? fail_errno(f, -r, "the medium holds one file of that name, a small text",
				  "its file \"" PERSONALITY_FILE "\"")
		     : 0;
}

static int read_medium(struct boot *boot, const char *device, char **ret, struct failure *f)
{
	auto_free char *path = NULL;
	int r = device_find(device, boot->deadline, &path, f);

	if (r < 0)
		return r;
	r = file_make_dirs(RUN_SHARE);
	if (r < 0)
		return fail_errno(f, -r, NULL, RUN_SHARE);
	if (mount(path, RUN_SHARE, "iso9660", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) <
	    0) {
		r = mount_causes_fail(f, "iso9660", errno, "%s (%s)", device, path);
	} else {
		r = read_file(ret, f);
		umount2(RUN_SHARE, MNT_DETACH);
		if (r < 0)
			failure_prefix(f, "%s", device);
	}
	rmdir(RUN_SHARE);
	return r;
}

/*
 * Returns the device of the launcher's port; NULL if the machine has none, or if the medium came
 * without a launcher. Reads sysfs, because the links of udev may be late.
 */
static char *find_port(void)
{
	char *found = NULL;
	glob_t names;

	if (glob(PORT_NAMES, 0, NULL, &names) != 0)
		return NULL;
	for (size_t i = 0; !found && i < names.gl_pathc; i++) {
		auto_free char *name = NULL, *folder = xstrdup(names.gl_pathv[i]);

		*strrchr(folder, '/') = '\0';
		if (file_read(AT_FDCWD, names.gl_pathv[i], 128, &name) == 0 &&
		    !strncmp(name, PORT_NAME "\n", sizeof(PORT_NAME)))
			found = xasprintf("/dev/%s", strrchr(folder, '/') + 1);
	}
	globfree(&names);
	return found;
}

/* Waits for the port: the driver adds ports a moment after it has found the device. */
static char *wait_for_port(void)
{
	auto_close int events = events_listen(NETLINK_KOBJECT_UEVENT, KERNEL_EVENTS);
	uint64_t until = clock_ms() + PORT_MS;
	char *path = find_port();
	glob_t devices;

	if (glob(PORT_DRIVER, 0, NULL, &devices) != 0)
		return path;
	globfree(&devices);
	while (!path && clock_ms() < until) {
		events_wait(events, RETRY_MS);
		path = find_port();
	}
	return path;
}

int personality_tell(const char *port, const char *word, unsigned ms, struct failure *f)
{
	auto_close int fd = open(port, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	auto_free char *line = xasprintf("%s\n", word);
	uint64_t until = clock_ms() + ms;

	/* poll(2) does not help: it returns at once while the other end of the port is closed. */
	while (fd >= 0 && write(fd, line, strlen(line)) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			return fail_errno(f, errno, NULL, "telling the launcher by %s", port);
		if (clock_ms() >= until)
			return fail(f, ETIMEDOUT, "is it still there?",
				    "the launcher does not read what %s tells it, for %u s", port,
				    ms / 1000);
		events_wait(-1, RETRY_MS);
	}
	return fd < 0 ? fail_errno(f, errno, NULL, "telling the launcher by %s", port) : 0;
}

static int tell_launcher(const char *word, struct failure *f)
{
	auto_free char *path = wait_for_port();

	return path ? personality_tell(path, word, PORT_MS, f) : 0;
}

int step_set_personality(struct boot *boot, const struct step *step, struct failure *f)
{
	struct personality_facts facts = { 0 };
	auto_free char *text = NULL;
	int r = read_medium(boot, step->device, &text, f);

	if (r == 0) {
		r = personality_take(&facts, text, f);
		if (r < 0)
			failure_prefix(f, "%s", step->device);
	}
	if (r == 0)
		r = personality_apply(boot->newroot, &facts, f);
	if (r == 0 && facts.address)
		r = address_add(facts.address, boot->deadline, f);
	if (r == 0) {
		r = tell_launcher("ok", f);
	} else {
		auto_failure struct failure ignored = { 0 };
		auto_free char *why = log_failure_text(f), *word = xasprintf("failed: %s", why);

		tell_launcher(word, &ignored);
	}
	if (text)
		explicit_bzero(text, strlen(text));
	personality_free(&facts);
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Mounts a lower from a block device of an NBD server. */
#include "src/rootovl/lower/lower_nbd.h"

#include "src/common/clock.h"
#include "src/common/mem.h"
#include "src/rootovl/lower/lower_device.h"
#include "src/rootovl/lower/lower_retry.h"
#include "src/rootovl/lower/nbd_device.h"
#include "src/rootovl/lower/nbd_root.h"
#include "src/rootovl/lower/network.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#define HANDSHAKE_MS 10000

/* Holds the arguments of open_export(), which lower_retry() calls. */
struct wanted {
	const struct step_lower *lower;
	const char *name;
	struct nbd_export *export;
};

/* Connects and opens the export. Returns the socket, or -errno. */
static int open_export(struct boot *boot, const void *arg, struct failure *f)
{
	const struct wanted *wanted = arg;
	const struct root_source *source = wanted->lower->source;
	struct network_peer peer;
	auto_close int fd = network_connect(source->address ? source->address : source->host,
					    wanted->lower->port, LOWER_CONNECT_MS, &peer, f);
	int yes = 1, r = fd;

	if (fd >= 0) {
		memcpy(boot->local, peer.local, sizeof(boot->local));
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
		r = nbd_handshake(fd, source->path, clock_ms() + HANDSHAKE_MS, wanted->export, f);
	}
	if (r < 0) {
		failure_prefix(f, "%s", wanted->name);
		return r;
	}
	return steal_fd(&fd);
}

/* The device is the server's until it is mounted: read through a descriptor, by libblkid. */
static int mount_number(int number, const struct step_lower *lower, const char *name,
			struct failure *f)
{
	auto_free char *path = xasprintf("/dev/nbd%d", number);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail_errno(f, errno, NULL, "%s (%s)", name, path);
	return lower_mount_typed(path, fd, lower, lower->options, name, f);
}

int lower_mount_nbd(struct boot *boot, const struct step_lower *lower, const char *name,
		    struct failure *f)
{
	struct nbd_export export;
	const struct wanted wanted = { .lower = lower, .name = name, .export = &export };
	auto_close int fd = lower_retry(boot, open_export, &wanted, f);
	int number, r;

	if (fd < 0)
		return fd;
	number = nbd_device_connect(fd, &export, f);
	if (number < 0) {
		failure_prefix(f, "%s", name);
		return number;
	}
	r = nbd_root_note(number, fd, lower->source->path, &export);
	if (r < 0) {
		auto_failure struct failure ignored = { 0 };

		(void)nbd_device_disconnect(number, &ignored);
		return fail_errno(f, -r, NULL, "%s: the note of its device", name);
	}
	r = mount_number(number, lower, name, f);
	if (r < 0)
		return r;
	r = nbd_root_leave();
	return r < 0 ? fail_errno(f, -r, NULL, "%s: what keeps it connected", name) : 0;
}

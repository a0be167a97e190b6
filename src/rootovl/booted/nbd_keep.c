// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keeps a root on NBD through an outage of its server. If a connection breaks, the kernel holds
 * back the requests to the device, but does not connect again. This service does that in the booted
 * system, until the shutdown is complete. It must not need the root during that time. So the
 * program is static, is in /run, and is locked in memory.
 */
#include "src/rootovl/booted/nbd_keep.h"

#include "src/common/clock.h"
#include "src/common/connect.h"
#include "src/common/log.h"
#include "src/rootovl/lower/nbd_device.h"
#include "src/rootovl/lower/nbd_root.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>

#define CONNECT_MS 5000
#define PAUSE_MS   1000 /* between two attempts */

/* Makes one attempt to connect. */
static int reconnect(const struct nbd_root *keep, struct failure *f)
{
	auto_close int fd = connect_within((const struct sockaddr *)&keep->server, keep->server_len,
					   CONNECT_MS);
	struct nbd_export export;
	int r;

	if (fd < 0)
		return fail_errno(f, -fd, NULL, "the NBD server");
	r = nbd_handshake(fd, keep->name, clock_ms() + CONNECT_MS, &export, f);
	if (r < 0)
		return r;
	if (export.size != keep->size)
		return fail(f, ESTALE, NULL, "the NBD server has another export by this name now");
	return nbd_device_reconnect(keep->number, fd, f);
}

/* Repeats the attempt as long as the kernel waits. */
static int bring_back(const struct nbd_root *keep)
{
	auto_failure struct failure f = { 0 }, last = { 0 };
	uint64_t until = clock_ms() + NBD_KEEP_S * 1000ull;

	log_line(LOG_WARNING, "the connection of /dev/nbd%d broke", keep->number);
	while (clock_ms() < until) {
		if (reconnect(keep, &f) == 0) {
			log_line(LOG_NOTICE, "/dev/nbd%d is connected again", keep->number);
			return 0;
		}
		/* Each error is logged once, because the journal itself may wait for the root. */
		if (f.code != last.code)
			log_line(LOG_WARNING, "%s; trying on", f.what);
		fail(&last, f.code, NULL, "seen");
		poll(NULL, 0, PAUSE_MS);
	}
	log_line(LOG_ERR, "/dev/nbd%d is lost", keep->number);
	return -ETIMEDOUT;
}

static int keep_connected(const struct nbd_root *keep, struct failure *f)
{
	auto_close int listener = nbd_device_listen(f);
	struct pollfd ready = { .fd = listener, .events = POLLIN };
	auto_failure struct failure first = { 0 };
	int r = listener < 0 ? listener : 0;

	/*
	 * The connection may have broken before the listener was open. If it works, the kernel
	 * refuses the new one.
	 */
	if (r == 0)
		(void)reconnect(keep, &first);
	while (r == 0) {
		if (poll(&ready, 1, -1) > 0 && nbd_device_lost(listener, keep->number) == 1)
			r = bring_back(keep);
	}
	return r;
}

static int run(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	struct nbd_root keep;
	int r;

	(void)line;
	r = nbd_root_read(&keep);
	if (r < 0)
		fail_errno(&f, -r, NULL, "%s", RUN_NBD);
	else if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0)
		fail_errno(&f, errno, NULL, "mlockall");
	else
		keep_connected(&keep, &f);
	if (!f.what)
		return 1;
	failure_prefix(&f, "nbd-keep");
	return command_failed(&f);
}

const struct command command_nbd_keep = {
	.name = "nbd-keep",
	.meaning = "for rootovl-nbd.service: connect a root on NBD again",
	.synopsis = "",
	.about = "For rootovl-nbd.service alone: connects the root's network block device again "
		 "when its server was away.",
	.exits = "Exit status: 1 failed, or the server was away for too long; 2 wrong usage.",
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keeping a root on NBD through an outage of its server. The kernel holds back what is asked of a
 * device whose connection broke, but does not connect again itself: this does, in the booted
 * system, and until its very end. It may need nothing of the root then, so it is static, lies in
 * /run, and all of it is in memory.
 */
#include "src/rootovl/lower/nbd.h"

#include "src/common/clock.h"
#include "src/common/connect.h"
#include "src/common/log.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define CONNECT_MS 5000
#define PAUSE_MS   1000 /* between two tries */

#define NAME   "rootovl-nbd.service"
#define TARGET "sysinit.target"

/*
 * Nothing stops it: what the shutdown itself runs is read from the root. The @ in front of its name
 * says the same to systemd-shutdown(8); see systemd's document ROOT_STORAGE_DAEMONS.
 */
static const char unit[] = "# made by rootovl in the initramfs\n"
			   "[Unit]\n"
			   "Description=Keep the root's network block device connected\n"
			   "Documentation=man:rootovl(8)\n"
			   "DefaultDependencies=no\n"
			   "IgnoreOnIsolate=yes\n"
			   "[Service]\n"
			   "ExecStart=@" RUN_PROGRAM " @rootovl nbd-keep\n"
			   "OOMScoreAdjust=-1000\n";

/* What one program of this build tells the other, by a file. */
struct keep {
	int number;
	uint64_t size;
	struct sockaddr_storage server;
	socklen_t server_len;
	char name[NBD_EXPORT_MAX + 1];
};

static int write_state(const struct keep *keep)
{
	auto_close int fd =
		open(RUN_NBD, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	return write(fd, keep, sizeof(*keep)) == (ssize_t)sizeof(*keep) ? 0 : -EIO;
}

int nbd_keep_leave(int number, int socket, const char *name, const struct nbd_export *export)
{
	struct keep keep = { .number = number, .size = export->size };
	int r;

	keep.server_len = sizeof(keep.server);
	if (getpeername(socket, (struct sockaddr *)&keep.server, &keep.server_len) < 0)
		return -errno;
	strncpy(keep.name, name ? name : "", NBD_EXPORT_MAX);
	r = write_state(&keep);
	if (r == 0)
		r = leave_program();
	return r < 0 ? r : leave_unit(TARGET, NAME, unit);
}

void nbd_keep_drop(void)
{
	leave_no_unit(TARGET, NAME);
	unlink(RUN_PROGRAM);
	unlink(RUN_NBD);
}

static int read_state(struct keep *keep)
{
	auto_close int fd = open(RUN_NBD, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, keep, sizeof(*keep));

	if (n < 0)
		return -errno;
	return n == (ssize_t)sizeof(*keep) && keep->server_len <= sizeof(keep->server) ? 0
										       : -EINVAL;
}

int nbd_keep_open(void)
{
	char path[32];
	struct keep keep;
	int fd, r = read_state(&keep);

	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "/dev/nbd%d", keep.number);
	fd = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* One try. */
static int reconnect(const struct keep *keep, struct failure *f)
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

/* Tries for as long as the kernel waits. */
static int bring_back(const struct keep *keep)
{
	auto_failure struct failure f = { 0 }, last = { 0 };
	uint64_t until = clock_ms() + NBD_KEEP_S * 1000ull;

	log_line(LOG_WARNING, "the connection of /dev/nbd%d broke", keep->number);
	while (clock_ms() < until) {
		if (reconnect(keep, &f) == 0) {
			log_line(LOG_NOTICE, "/dev/nbd%d is connected again", keep->number);
			return 0;
		}
		/* Once each: the journal may be what waits for the root. */
		if (f.code != last.code)
			log_line(LOG_WARNING, "%s; trying on", f.what);
		fail(&last, f.code, NULL, "seen");
		poll(NULL, 0, PAUSE_MS);
	}
	log_line(LOG_ERR, "/dev/nbd%d is lost", keep->number);
	return -ETIMEDOUT;
}

static int keep_connected(const struct keep *keep, struct failure *f)
{
	auto_close int listener = nbd_device_listen(f);
	struct pollfd ready = { .fd = listener, .events = POLLIN };
	auto_failure struct failure first = { 0 };
	int r = listener < 0 ? listener : 0;

	/* It may have broken before anybody listened; if not, the kernel does not take the new one.
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
	struct keep keep;
	int r;

	(void)line;
	r = read_state(&keep);
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

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mounts a file system of a server, or of the host of a virtual machine. Repeats mount(2) after
 * temporary errors.
 */
#include "src/rootovl/lower/lower_server.h"

#include "src/common/clock.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/lower/lower_retry.h"
#include "src/rootovl/lower/network.h"
#include "src/rootovl/machine/mount_causes.h"
#include "src/rootovl/settings/root_options.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#define BDI	  "/sys/class/bdi/cifs-"
#define READAHEAD "128" /* KiB */
#define MOUNT_MS  20000 /* one mount(2) may take at least this long */
#define TELL_MS	  10000 /* between two progress lines on the console */

/* Holds the arguments of one attempt, which lower_retry() makes. */
struct server_mount {
	const struct step_lower *lower;
	const char *at, *name;
	uint64_t start; /* time of the first attempt, from clock_ms() */
};

/*
 * Writes a password with each comma doubled, as CIFS expects it (smb3_fs_context_parse_monolithic()
 * in the kernel).
 */
static void put_password(FILE *out, const char *password)
{
	fputs(",pass=", out);
	for (; *password; password++)
		fprintf(out, *password == ',' ? ",," : "%c", *password);
}

static void put_cifs_options(FILE *out, const struct root_source *source,
			     const struct network_peer *peer)
{
	fprintf(out, ",ip=%s", peer->address);
	/* mount.cifs's "guest": a null user, which an empty name means to the kernel. */
	fprintf(out, ",user=%s", source->user ? source->user : "");
	put_password(out, source->password ? source->password : "");
	if (source->domain)
		fprintf(out, ",domain=%s", source->domain);
}

/*
 * Returns the data argument of mount(2). It may have a password, so the caller wipes it after use.
 */
static char *mount_data(const struct step_lower *lower, const struct network_peer *peer,
			const char *version)
{
	const struct root_source *source = lower->source;
	char *data = NULL;
	size_t len;
	FILE *out = open_memstream(&data, &len);

	if (!out)
		return NULL;
	fputs(lower->options, out);
	if (source->kind == ROOT_CIFS)
		put_cifs_options(out, source, peer);
	if (source->kind == ROOT_NFS)
		fprintf(out, ",addr=%s,clientaddr=%s", peer->address, peer->local);
	if (version)
		fprintf(out, ",vers=%s", version);
	if (source->port)
		fprintf(out, ",port=%u", source->port);
	fclose(out);
	return data;
}

static char *mount_device(const struct step_lower *lower, const struct network_peer *peer)
{
	const struct root_source *source = lower->source;
	const char *host = source->host ? source->host : peer->address;

	if (!lower->port)
		return xstrdup(lower->what);
	if (source->kind == ROOT_CIFS)
		return xasprintf("//%s/%s", host, lower->what);
	return strchr(host, ':') ? xasprintf("[%s]:%s", host, lower->what)
				 : xasprintf("%s:%s", host, lower->what);
}

/*
 * Waits at most `ms` until the other end of a pipe is closed, and reports every ten seconds what
 * the boot waits for. Returns whether it was closed.
 */
static bool wait_telling(int end, const struct server_mount *wanted, unsigned ms)
{
	const char *hint = wanted->lower->source->kind == ROOT_NFS ? "; " MOUNT_CAUSES_GRACE : "";
	uint64_t until = clock_ms() + ms;

	for (;;) {
		struct pollfd ended = { .fd = end };
		uint64_t now = clock_ms();
		uint64_t left = until > now ? until - now : 0;

		if (poll(&ended, 1, (int)(left < TELL_MS ? left : TELL_MS)) != 0)
			return true;
		if (left <= TELL_MS)
			return false;
		log_console(LOG_NOTICE, "waiting for %s: no answer to the mount (%llu of %llu s%s)",
			    wanted->name, (unsigned long long)(clock_ms() - wanted->start) / 1000,
			    (unsigned long long)(until - wanted->start) / 1000, hint);
	}
}

/*
 * Calls mount(2) in a child process, because the kernel may block in it for minutes. Returns 0 or
 * -errno; -ETIMEDOUT after `ms`.
 */
static int mount_within(const struct server_mount *wanted, const char *device, const char *data,
			unsigned ms)
{
	const struct step_lower *lower = wanted->lower;
	int ends[2], status;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	child = fork();
	if (child == 0)
		_exit(mount(device, wanted->at, lower->fstype, lower->flags, data) < 0 ? errno : 0);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return -EAGAIN;
	}
	if (!wait_telling(ends[0], wanted, ms)) {
		struct pollfd ended = { .fd = ends[0] };

		kill(child, SIGKILL);
		/* A child that SIGKILL cannot end is left behind instead of waiting for it. */
		if (poll(&ended, 1, LOWER_CONNECT_MS) != 0)
			waitpid(child, NULL, 0);
		close(ends[0]);
		return -ETIMEDOUT;
	}
	close(ends[0]);
	if (waitpid(child, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

/* Makes one attempt with one version of the protocol. */
static int mount_version(const struct server_mount *wanted, const struct network_peer *peer,
			 const char *version, unsigned ms)
{
	auto_free char *device = mount_device(wanted->lower, peer);
	auto_free char *data = mount_data(wanted->lower, peer, version);
	int r = data ? mount_within(wanted, device, data, ms) : -ENOMEM;

	if (data)
		explicit_bzero(data, strlen(data));
	return r;
}

/*
 * Returns whether to try an older version of NFS after this error, as mount.nfs(8) does. Old
 * servers return ENOENT or EPERM for version 4 if they export no root for it.
 */
static bool try_older(int code)
{
	return code == EPROTONOSUPPORT || code == EINVAL || code == ENOENT || code == EPERM ||
	       code == EOPNOTSUPP;
}

static int mount_versions(const struct server_mount *wanted, const struct network_peer *peer,
			  unsigned ms)
{
	char **versions = wanted->lower->versions;
	int told = 0;

	if (!versions)
		return mount_version(wanted, peer, NULL, ms);
	for (char **version = versions; *version; version++) {
		int r = mount_version(wanted, peer, *version, ms);

		if (r == 0)
			return 0;
		/* "no such version" is the least helpful error: report any other one instead. */
		if (!told || told == -EPROTONOSUPPORT)
			told = r;
		if (!try_older(-r))
			return r;
	}
	return told;
}

/* Returns the number of the newest CIFS mount. The kernel names them cifs-1, cifs-2, and so on. */
static unsigned long last_mount(void)
{
	unsigned long last = 0;
	glob_t found;

	if (glob(BDI "*", 0, NULL, &found) != 0)
		return 0;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		unsigned long number = strtoul(found.gl_pathv[i] + strlen(BDI), NULL, 10);

		if (number > last)
			last = number;
	}
	globfree(&found);
	return last;
}

/*
 * Sets the read-ahead of the newest CIFS mount to 128 KiB, the kernel's default for disks. For
 * CIFS, Linux uses twice rsize=, mostly 2 MiB. A boot that reads parts of a library would then
 * fetch nearly all of it (Documentation/ABI/testing/sysfs-class-bdi). Does nothing if the kernel
 * has no such setting.
 */
static void limit_readahead(void)
{
	auto_free char *path = xasprintf(BDI "%lu/read_ahead_kb", last_mount());
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, READAHEAD, strlen(READAHEAD)) < 0)
		log_line(LOG_WARNING, "%s: %s", path, strerror(errno));
}

static int attempt(struct boot *boot, const void *arg, struct failure *f)
{
	const struct server_mount *wanted = arg;
	const struct step_lower *lower = wanted->lower;
	const struct root_source *source = lower->source;
	uint64_t now = clock_ms();
	unsigned left = boot->deadline > now ? (unsigned)(boot->deadline - now) : 0;
	struct network_peer peer = { 0 };
	int r = 0;

	if (lower->port)
		r = network_find(source->address ? source->address : source->host, lower->port,
				 LOWER_CONNECT_MS, &peer, f);
	if (r < 0) {
		failure_prefix(f, "%s", wanted->name);
		return r;
	}
	r = mount_versions(wanted, &peer, left > MOUNT_MS ? left : MOUNT_MS);
	if (r < 0)
		return mount_causes_fail(f, lower->fstype, -r, "%s", wanted->name);
	if (source->kind == ROOT_CIFS && !root_options_get(source, "rasize"))
		limit_readahead();
	memcpy(boot->local, peer.local, sizeof(boot->local));
	return 0;
}

int lower_mount_server(struct boot *boot, const struct step_lower *lower, const char *at,
		       const char *name, struct failure *f)
{
	const struct server_mount mount = {
		.lower = lower, .at = at, .name = name, .start = clock_ms()
	};

	return lower_retry(boot, attempt, &mount, f);
}

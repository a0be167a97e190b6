// SPDX-License-Identifier: GPL-2.0-or-later
/* Mounting what a server has, or the host of a virtual machine: mount(2), again while time may
 * heal. */
#include "src/rootovl/lower/lower_server.h"

#include "src/common/clock.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/lower/lower_retry.h"
#include "src/rootovl/lower/network.h"
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
#define MOUNT_MS  20000 /* at least this long may one mount(2) take */

/* What an errno value of mount(2) means here, and what to look at. */
static const struct cause {
	const char *fstype; /* NULL: any */
	int code;
	const char *cause, *hint;
} causes[] = {
	{ "cifs", ENOENT, "no such share or path on the server",
	  "check the share's name and the path" },
	{ "cifs", ENXIO, "no such share on the server", "check the share's name" },
	{ "cifs", EACCES, "access denied",
	  "check user, password and domain, or whether the share admits guests" },
	{ "cifs", EPERM, "access denied", "check user, password and domain" },
	{ "cifs", EKEYREJECTED, "access denied", "check user, password and domain" },
	{ "cifs", EOPNOTSUPP,
	  "the server does not speak this version of SMB, or lacks what an option asks for",
	  "check vers= and posix, and the server's min and max protocol" },
	{ "cifs", EHOSTDOWN, "the server closes the connection",
	  "does it speak the version that vers= asks for?" },
	{ "nfs", ENOENT, "no such export on the server", "check the path against `showmount -e`" },
	{ "nfs", EACCES, "the server refuses",
	  "is there such an export, and is this machine allowed to mount it, from this port?" },
	{ "nfs", EPERM, "the server refuses",
	  "is there such an export, and is this machine allowed to mount it?" },
	{ "nfs", EPROTONOSUPPORT, "the server does not speak this version of NFS",
	  "check vers=, and the versions that the server offers" },
	{ "virtiofs", EINVAL, "the host offers no folder by this tag",
	  "check the tag of the machine's virtiofs device" },
	{ "9p", ENOENT, "the host offers no folder by this tag",
	  "check the mount tag of the machine's 9p device" },
	{ NULL, ENODEV, "the kernel does not know this file system",
	  "the image lacks its module, or one for another kernel: build it again" },
	{ NULL, EINVAL, "the kernel refuses an option", "the kernel's log says which" },
};

static int fail_mount(const struct step_lower *lower, const char *name, int code, struct failure *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
		if (causes[i].code == code &&
		    (!causes[i].fstype || !strcmp(causes[i].fstype, lower->fstype)))
			return fail(f, code, causes[i].hint, "%s: %s", name, causes[i].cause);
	return fail_errno(f, code, "the kernel's log may say more", "%s", name);
}

/* CIFS takes commas in a password doubled (smb3_fs_context_parse_monolithic in the kernel). */
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

/* The data argument of mount(2); it may hold a password and is wiped after use. */
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
 * mount(2) in a process of its own, for the kernel may wait for minutes in it; gives 0 or -errno,
 * -ETIMEDOUT when `ms` have passed.
 */
static int mount_within(const char *device, const struct step_lower *lower, const char *at,
			const char *data, unsigned ms)
{
	int ends[2], status;
	struct pollfd ended;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	child = fork();
	if (child == 0)
		_exit(mount(device, at, lower->fstype, lower->flags, data) < 0 ? errno : 0);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return -EAGAIN;
	}
	ended = (struct pollfd){ .fd = ends[0] };
	if (poll(&ended, 1, (int)ms) == 0) {
		kill(child, SIGKILL);
		/* One that cannot even be killed is left behind rather than waited for. */
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

/* One try with one version of the protocol. */
static int mount_version(const struct step_lower *lower, const char *at,
			 const struct network_peer *peer, const char *version, unsigned ms)
{
	auto_free char *device = mount_device(lower, peer);
	auto_free char *data = mount_data(lower, peer, version);
	int r = data ? mount_within(device, lower, at, data, ms) : -ENOMEM;

	if (data)
		explicit_bzero(data, strlen(data));
	return r;
}

/*
 * Is it worth asking for an older version of NFS after this answer? As mount.nfs does: servers of
 * old say ENOENT or EPERM for a version 4 they have no root for.
 */
static bool try_older(int code)
{
	return code == EPROTONOSUPPORT || code == EINVAL || code == ENOENT || code == EPERM ||
	       code == EOPNOTSUPP;
}

static int mount_versions(const struct step_lower *lower, const char *at,
			  const struct network_peer *peer, unsigned ms)
{
	int told = 0;

	if (!lower->versions)
		return mount_version(lower, at, peer, NULL, ms);
	for (char **version = lower->versions; *version; version++) {
		int r = mount_version(lower, at, peer, *version, ms);

		if (r == 0)
			return 0;
		/* "no such version" says less than any other answer. */
		if (!told || told == -EPROTONOSUPPORT)
			told = r;
		if (!try_older(-r))
			return r;
	}
	return told;
}

/* The kernel counts its mounts: cifs-1, cifs-2, and so on. */
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
 * Makes the read-ahead of the CIFS mount that was made last what the kernel's own default is, 128
 * KiB. Linux takes twice rsize= for it, 2 MiB as a rule: of each library that a boot touches nearly
 * all is then fetched (Documentation/ABI/testing/sysfs-class-bdi). Nothing is done where the kernel
 * has no such setting.
 */
static void limit_readahead(void)
{
	auto_free char *path = xasprintf(BDI "%lu/read_ahead_kb", last_mount());
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, READAHEAD, strlen(READAHEAD)) < 0)
		log_line(LOG_WARNING, "%s: %s", path, strerror(errno));
}

/* What lower_retry() carries to each try. */
struct server_mount {
	const struct step_lower *lower;
	const char *at, *name;
};

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
	r = mount_versions(lower, wanted->at, &peer, left > MOUNT_MS ? left : MOUNT_MS);
	if (r < 0)
		return fail_mount(lower, wanted->name, -r, f);
	if (source->kind == ROOT_CIFS && !root_options_get(source, "rasize"))
		limit_readahead();
	memcpy(boot->local, peer.local, sizeof(boot->local));
	return 0;
}

int lower_mount_server(struct boot *boot, const struct step_lower *lower, const char *at,
		       const char *name, struct failure *f)
{
	const struct server_mount mount = { .lower = lower, .at = at, .name = name };

	return lower_retry(boot, attempt, &mount, f);
}

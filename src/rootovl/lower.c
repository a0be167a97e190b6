// SPDX-License-Identifier: GPL-2.0-or-later
/* Mounting the lower: find the server, mount, and try again what time may heal. */
#include "steps.h"

#include "common/files.h"
#include "common/log.h"
#include "common/mem.h"
#include "network.h"
#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

#define CONNECT_MS  5000  /* until a silent server counts as one that is not there */
#define RETRY_MS    250	  /* the first pause between two tries; it doubles … */
#define RETRY_MAX   2000  /* … up to this */
#define PROGRESS_MS 10000 /* between two lines that say what is waited for */
#define MOUNT_MS    20000 /* at least this long may one mount(2) take */

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

static bool is_remote(const struct root_source *source)
{
	return source->kind == ROOT_CIFS || source->kind == ROOT_NFS;
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
	size_t share = lower->by_share ? strcspn(source->path, "/") : strlen(source->path);
	const char *host = source->host ? source->host : peer->address;

	if (!is_remote(source))
		return xstrdup(source->path);
	if (source->kind == ROOT_CIFS)
		return xasprintf("//%s/%.*s", host, (int)share, source->path);
	return strchr(host, ':') ? xasprintf("[%s]:%s", host, source->path)
				 : xasprintf("%s:%s", host, source->path);
}

/*
 * mount(2) in a process of its own, for the kernel may wait for minutes in it; gives 0 or -errno,
 * -ETIMEDOUT when `ms` have passed.
 */
static int mount_within(const char *device, const struct step_lower *lower, const char *data,
			unsigned ms)
{
	int ends[2], status;
	const char *at = lower->by_share ? RUN_SHARE : lower->at;
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
		if (poll(&ended, 1, CONNECT_MS) != 0)
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
static int mount_version(const struct step_lower *lower, const struct network_peer *peer,
			 const char *version, unsigned ms)
{
	auto_free char *device = mount_device(lower, peer);
	auto_free char *data = mount_data(lower, peer, version);
	int r = data ? mount_within(device, lower, data, ms) : -ENOMEM;

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

static int mount_versions(const struct step_lower *lower, const struct network_peer *peer,
			  unsigned ms)
{
	int told = 0;

	if (!lower->versions)
		return mount_version(lower, peer, NULL, ms);
	for (char **version = lower->versions; *version; version++) {
		int r = mount_version(lower, peer, *version, ms);

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

static unsigned server_port(const struct step_lower *lower)
{
	const struct root_source *source = lower->source;
	const char *version = root_source_nfs_version(source);

	if (source->port)
		return source->port;
	if (source->kind == ROOT_CIFS)
		return 445;
	/* NFSv3 finds its ports by the port mapper (RFC 1833). */
	return version && version[0] == '3' ? 111 : 2049;
}

static int attempt(struct boot *boot, const struct step_lower *lower, const char *name,
		   struct failure *f)
{
	const struct root_source *source = lower->source;
	uint64_t now = clock_ms();
	unsigned left = boot->deadline > now ? (unsigned)(boot->deadline - now) : 0;
	struct network_peer peer = { 0 };
	int r = 0;

	if (is_remote(source))
		r = network_find(source->address ? source->address : source->host,
				 server_port(lower), CONNECT_MS, &peer, f);
	if (r < 0) {
		failure_prefix(f, "%s", name);
		return r;
	}
	r = mount_versions(lower, &peer, left > MOUNT_MS ? left : MOUNT_MS);
	return r < 0 ? fail_mount(lower, name, -r, f) : 0;
}

static int attempt_until(struct boot *boot, const struct step_lower *lower, const char *name,
			 struct failure *f)
{
	auto_close int listener = network_listen();
	uint64_t started = clock_ms(), said = started;
	unsigned pause = RETRY_MS;

	boot->deadline = started + boot->plan->settings.timeout * 1000ull;
	for (;;) {
		int r = attempt(boot, lower, name, f);
		uint64_t now = clock_ms();

		if (r == 0 || !network_heals(-r))
			return r;
		if (now >= boot->deadline)
			return fail(f, -r, f->hint, "%s, for %llu s", f->what,
				    (unsigned long long)(now - started) / 1000);
		if (now - said >= PROGRESS_MS) {
			said = now;
			log_console(LOG_NOTICE, "waiting for %s (%llu of %u s)", f->what,
				    (unsigned long long)(now - started) / 1000,
				    boot->plan->settings.timeout);
		}
		network_wait(listener, pause);
		pause = pause * 2 < RETRY_MAX ? pause * 2 : RETRY_MAX;
	}
}

/*
 * Binds the folder of a mounted share to the lower's place. No link on the way is followed: it
 * would be the server's.
 */
static int bind_folder(const struct step_lower *lower, const char *name, struct failure *f)
{
	auto_strv char **parts = strv_split(strchr(lower->source->path, '/'), "/");
	auto_close int dir = open(RUN_SHARE, O_PATH | O_DIRECTORY | O_CLOEXEC);
	auto_free char *folder = NULL;

	for (char **part = parts; dir >= 0 && part && *part; part++) {
		int next = openat(dir, *part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (next < 0)
			return fail_errno(f, errno, "check the path; it may hold no links", "%s",
					  name);
		close(dir);
		dir = next;
	}
	folder = xasprintf("/proc/self/fd/%d", dir);
	if (dir < 0 || mount(folder, lower->at, NULL, MS_BIND, NULL) < 0)
		return fail_errno(f, errno, NULL, "%s: the folder in its share", name);
	return 0;
}

static int take_folder(struct boot *boot, const struct step_lower *lower, const char *name,
		       struct failure *f)
{
	int r = bind_folder(lower, name, f);

	umount2(RUN_SHARE, MNT_DETACH);
	rmdir(RUN_SHARE);
	boot->lower_mounted = r == 0;
	return r;
}

int step_mount_lower(struct boot *boot, const struct step *step, struct failure *f)
{
	const struct step_lower *lower = &step->lower;
	auto_free char *name = root_source_name(lower->source);
	struct statvfs is;
	int r = file_make_dirs(lower->at);

	if (r == 0 && lower->by_share)
		r = file_make_dirs(RUN_SHARE);
	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", lower->at);
	r = attempt_until(boot, lower, name, f);
	if (r < 0)
		return r;
	boot->lower_mounted = true;
	if (lower->by_share)
		r = take_folder(boot, lower, name, f);
	if (r < 0)
		return r;
	boot->lower = open(lower->at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (boot->lower < 0 || fstatvfs(boot->lower, &is) < 0)
		return fail_errno(f, errno, "the server stopped answering, or refuses to list it",
				  "%s", name);
	if (!(is.f_flag & ST_RDONLY))
		return fail(f, EROFS, "report this with the kernel's version",
			    "%s: mounted, but not read-only", name);
	return 0;
}

void undo_mount_lower(struct boot *boot, const struct step *step)
{
	if (boot->lower >= 0)
		close(steal_fd(&boot->lower));
	if (boot->lower_mounted)
		umount2(step->lower.at, MNT_DETACH);
	boot->lower_mounted = false;
	rmdir(step->lower.at);
}

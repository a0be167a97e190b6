// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/share.h"

#include "src/common/mem.h"
#include "src/common/one_line.h"
#include "src/testbox/machine/machine_ids.h"
#include "src/testbox/machine/no_setuid.h"
#include "src/testbox/machine/qemu_user.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

#define HINT  "see virtiofsd.log; \"share: 9p\" in the host's file needs no namespace"
#define FILES 1000000 /* descriptors: virtiofsd has one for each file that the machine knows */

/* The ids that the machine's files have on this host; none: the caller's. */
struct ids {
	uid_t first;
	unsigned count;
	bool borrowed; /* others of this host may have them too */
};

static void find_ids(enum host_share share, struct ids *ret)
{
	struct qemu_user user;

	*ret = (struct ids){ 0 };
	qemu_user_find(&user);
	if (geteuid() == 0 && share == SHARE_VIRTIOFS)
		*ret = (struct ids){ MACHINE_ID_FIRST, MACHINE_ID_COUNT, false };
	else if (user.other)
		*ret = (struct ids){ user.uid, 1, !user.own };
}

int share_lend(const struct box *box, const char *dir, int fd, enum host_share share,
	       struct failure *f)
{
	struct shared shared;
	struct ids ids;
	int r;

	find_ids(share, &ids);
	r = shared_look(fd, dir, ids.first, ids.borrowed ? 0 : ids.count, &shared, f);
	shared.count = ids.count;
	if (r == 0)
		r = undo_shared(box->undo, dir, fd, &shared, f);
	if (r == 0)
		r = shared_lend(fd, dir, &shared, f);
	if (r < 0)
		return r;
	shared_tell(dir, r);
	return 0;
}

int share_sockets(const struct box *box, const char *tag, struct machine_share *ret,
		  struct failure *f)
{
	auto_free char *path = xasprintf("%s/%s", box->run, tag);
	int r;

	*ret = (struct machine_share){ -1, -1 };
	r = box_listen(box, tag);
	ret->listening = r < 0 ? -1 : r;
	if (r >= 0) {
		r = box_connect(box->name, tag);
		ret->connected = r < 0 ? -1 : r;
	}
	/* Both have it, and nobody else needs it. */
	unlink(path);
	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", path);
	/* QEMU and virtiofsd wait on theirs. */
	fcntl(ret->listening, F_SETFL, 0);
	fcntl(ret->connected, F_SETFL, 0);
	return 0;
}

/* What a process of virtiofsd is to be. */
struct place {
	int folder;
	int ids; /* a user namespace; -1: none */
	bool readonly;
};

/* Says in virtiofsd's log which call it was. */
static int failed(const char *call)
{
	int error = errno;

	one_line_print(stderr, "testbox: %s: %s", call, strerror(error));
	return error;
}

/* The flags of the mount that the working directory is on, which an ordinary user must keep. */
static unsigned long flags_here(void)
{
	const unsigned long same =
		ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC | ST_NOATIME | ST_NODIRATIME;
	struct statvfs st;

	if (statvfs(".", &st) < 0)
		return 0;
	return (st.f_flag & same) | (st.f_flag & ST_RELATIME ? MS_RELATIME : 0);
}

/*
 * Mounts the working directory on SHARE_PLACE, in this process's mount namespace. A new namespace
 * has its working directory in its own mounts, so no name is looked up; a descriptor from before
 * would be of the old ones, which cannot be bound.
 */
static int mount_here(const struct place *place, bool root)
{
	unsigned long flags = flags_here() | MS_NOSUID | MS_NODEV | MS_BIND | MS_REMOUNT;

	if (place->readonly)
		flags |= MS_RDONLY;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return failed("make mounts private");
	/* An ordinary user may not leave out what is mounted below: it could hide something. */
	if (mount(".", SHARE_PLACE, NULL, MS_BIND | (root ? 0 : MS_REC), NULL) < 0)
		return failed("mount the folder");
	if (mount(NULL, SHARE_PLACE, NULL, flags, NULL) < 0)
		return failed("change the folder's mount");
	return chdir("/") < 0 ? failed("chdir /") : 0;
}

static void allow_many_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	files = (struct rlimit){ FILES, FILES };
	setrlimit(RLIMIT_NOFILE, &files); /* by root, where more are allowed */
}

/* In virtiofsd's process, before it is virtiofsd. */
static int take_place(const void *arg)
{
	const struct place *place = arg;
	bool root = geteuid() == 0;
	int error;

	allow_many_files();
	if (fchdir(place->folder) < 0)
		return failed("enter the folder");
	if (root && unshare(CLONE_NEWNS) < 0)
		return failed("unshare mounts");
	error = root ? 0 : machine_ids_enter_own();
	if (error) {
		errno = error;
		return failed("make a user namespace");
	}
	error = mount_here(place, root);
	if (!error && place->ids >= 0)
		error = machine_ids_enter(place->ids);
	/* Its files are the caller's own. */
	if (!error && !root && !place->readonly)
		error = no_setuid();
	return error;
}

static int start(const struct box *box, const struct plan_share *share, int folder, int log,
		 pid_t *ret, struct failure *f)
{
	bool ids = geteuid() == 0 && !share->readonly;
	auto_close int namespace = ids ? machine_ids_namespace(f) : -1;
	const int keep[] = { share->listening, -1 };
	const struct place place = { folder, namespace, share->readonly };
	struct program program = {
		.argv = (const char *const *)share->virtiofsd,
		.output = log,
		.keep = keep,
		.prepare = take_place,
		.prepare_arg = &place,
	};
	int r = ids && namespace < 0 ? namespace : 0;

	if (r == 0)
		r = undo_start(box->undo, &program, ret, f);
	return r < 0 && !f->hint ? fail(f, -r, HINT, "%s", f->what) : r;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int shares_start(struct shares *shares, const struct box *box, const struct machine_plan *plan,
		 int result, int rootfs, int log, struct failure *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < plan->n_shares; i++) {
		const struct plan_share *share = &plan->shares[i];

		r = share->readonly ? start(box, share, rootfs, log, &shares->rootfs_virtiofsd, f)
				    : start(box, share, result, log, &shares->result_virtiofsd, f);
	}
	close_end(&shares->result.listening);
	close_end(&shares->rootfs.listening);
	return r;
}

static bool has_failed(pid_t pid)
{
	siginfo_t ended = { 0 };

	return pid > 0 && waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       ended.si_pid && (ended.si_code != CLD_EXITED || ended.si_status != 0);
}

bool shares_failed(const struct shares *shares)
{
	return has_failed(shares->result_virtiofsd) || has_failed(shares->rootfs_virtiofsd);
}

void shares_close(struct shares *shares)
{
	close_end(&shares->result.listening);
	close_end(&shares->result.connected);
	close_end(&shares->rootfs.listening);
	close_end(&shares->rootfs.connected);
}

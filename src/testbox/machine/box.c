// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/box.h"

#include "src/common/files.h"
#include "src/common/folder.h"
#include "src/common/mem.h"
#include "src/testbox/plan/host.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#define DOING_MAX   256
#define LOCK_MAX    64
#define STAT_MAX    4096
#define STATUS_MAX  65536
#define VIEWERS	    8
#define OTHERS_HINT "these testboxes are another user's; ask as that user or root"
/* The field of proc(5)'s /proc/PID/stat that has when it started, in ticks since the boot. */
#define STAT_STARTED 22

char *box_state_dir(void)
{
	const char *state = getenv("TESTBOX_STATE"), *home = getenv("HOME");
	const char *xdg = getenv("XDG_STATE_HOME");

	if (state && *state == '/')
		return xstrdup(state);
	if (geteuid() != 0 && xdg && *xdg == '/')
		return xasprintf("%s/testbox", xdg);
	if (geteuid() == 0 || !home || *home != '/')
		return xstrdup("/var/lib/testbox");
	return xasprintf("%s/.local/state/testbox", home);
}

static char *box_dir(const char *name)
{
	auto_free char *state = box_state_dir();

	return xasprintf("%s/%s", state, name);
}

/*
 * A lock of the open file description (fcntl(2)): it stays while the launcher or the guard has it
 * open, and who only asks does not take it.
 */
static const struct flock whole_file = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

/* When a process started; 0: there is no such process. With its number it names a process for good.
 */
static unsigned long long started(pid_t pid)
{
	auto_free char *path = xasprintf("/proc/%d/stat", (int)pid), *text = NULL;
	const char *field;

	if (file_read(AT_FDCWD, path, STAT_MAX, &text) < 0)
		return 0;
	/* The second field is a name in parentheses, which can hold anything. */
	field = strrchr(text, ')');
	for (int i = 2; field && i < STAT_STARTED; i++)
		field = strchr(field + 1, ' ');
	return field ? strtoull(field, NULL, 10) : 0;
}

static int take_lock(struct box *box, struct failure *f)
{
	auto_free char *path = xasprintf("%s/lock", box->dir);
	struct flock lock = whole_file;
	struct box_status status;

	box->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	/* Who can only read a file can lock it too; one of an earlier version was everybody's. */
	if (box->lock < 0 || fchmod(box->lock, 0600) < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	if (fcntl(box->lock, F_OFD_SETLK, &lock) == 0)
		return ftruncate(box->lock, 0) < 0 || dprintf(box->lock, "%d %llu\n", getpid(),
							      started(getpid())) < 0
			       ? fail_errno(f, errno, NULL, "%s", path)
			       : 0;
	if (errno != EAGAIN && errno != EACCES)
		return fail_errno(f, errno, NULL, "%s", path);
	if (box_status(box->name, &status, f) < 0)
		status = (struct box_status){ 0 };
	fail(f, EBUSY, "testbox list shows who is running", "%s: process %d runs it already",
	     box->name, (int)status.pid);
	box_status_done(&status);
	return -EBUSY;
}

/* Is nothing in the state folder but what testboxes make? */
static bool is_only_ours(int state)
{
	auto_strv char **names = NULL;

	if (file_names(state, &names) < 0)
		return false;
	for (char **name = names; *name; name++) {
		auto_free char *lock = xasprintf("%s/lock", *name);

		if (!IS_ONE_OF(*name, BOX_CACHE, BOX_KVM, BOX_MEMORY, "lost+found") &&
		    faccessat(state, lock, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			return false;
	}
	return true;
}

/* Takes group and others out of a folder that is the caller's. */
static int close_folder(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_uid != geteuid() || !(st.st_mode & (S_IRWXG | S_IRWXO)))
		return 0;
	return fchmod(fd, st.st_mode & S_IRWXU) < 0 ? -errno : 0;
}

/*
 * Makes the state folder and the box's in it, which only their owner enters. A state folder that is
 * there, and has other things in it, keeps its mode: it may be one that others need.
 */
static int make_dirs(const char *state, const char *name)
{
	auto_free char *above = xstrndup(state, (size_t)(strrchr(state, '/') - state));
	auto_close int fd = -1, dir = -1;
	int r = *above ? file_make_dirs(above) : 0;

	if (r < 0)
		return r;
	if (mkdir(state, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (mkdirat(fd, name, 0700) < 0 && errno != EEXIST))
		return -errno;
	dir = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	r = dir < 0 ? -errno : close_folder(dir);
	return r == 0 && is_only_ours(fd) ? close_folder(fd) : r;
}

/*
 * The box's folder is used by its name, and what is in it is made and removed: nobody else may put
 * another one there. The home of an ordinary user has other rules (umask 002).
 */
static int check_box(const char *dir, struct failure *f)
{
	auto_close int fd = -1;
	struct stat st;
	int r = geteuid() == 0 ? folder_open(dir, &fd, f) : 0;

	if (r < 0)
		return r;
	if (lstat(dir, &st) < 0)
		return fail_errno(f, errno, NULL, "%s", dir);
	if (st.st_uid != geteuid() || !S_ISDIR(st.st_mode))
		return fail(f, EPERM, "run it as that user, or TESTBOX_STATE= names another place",
			    "%s: it belongs to another user", dir);
	return 0;
}

/* Makes the folder of the name, and gives its path, which has no link in it. */
static int make_box(const char *name, char **ret, struct failure *f)
{
	auto_free char *state = box_state_dir(), *real = NULL;
	int r;

	for (size_t len = strlen(state); len > 1 && state[len - 1] == '/'; len--)
		state[len - 1] = '\0';
	r = make_dirs(state, name);
	real = r < 0 ? NULL : realpath(state, NULL);
	if (!real)
		return fail_errno(f, r < 0 ? -r : errno, "TESTBOX_STATE= names another place",
				  "%s/%s", state, name);
	*ret = xasprintf("%s/%s", real, name);
	return check_box(*ret, f);
}

int box_open(struct box *box, const char *name, struct failure *f)
{
	int r;

	*box = (struct box){ .lock = -1 };
	if (!strcmp(name, BOX_CACHE) || !strcmp(name, BOX_KVM))
		return fail(f, EINVAL, "take another",
			    "\"%s\": what all testboxes share has this name", name);
	if (!host_name_valid(name))
		return fail(f, EINVAL, "letters, digits, '.', '_' and '-' make a name",
			    "\"%s\": no name for a testbox", name);
	box->name = xstrdup(name);
	r = make_box(name, &box->dir, f);
	if (r < 0)
		return r;
	box->run = xasprintf("%s/run", box->dir);
	r = take_lock(box, f);
	if (r == 0)
		r = undo_begin(&box->undo, f);
	if (r < 0)
		return r;
	file_remove_tree(box->run);
	r = undo_path(box->undo, box->run, f);
	if (r == 0 && mkdir(box->run, 0700) < 0)
		r = fail_errno(f, errno, NULL, "%s", box->run);
	return r;
}

void box_close(struct box *box)
{
	undo_end(box->undo);
	if (box->lock >= 0)
		close(box->lock);
	free(box->name);
	free(box->dir);
	free(box->run);
	*box = (struct box){ .lock = -1 };
}

void box_say(const struct box *box, const char *doing)
{
	auto_free char *path = xasprintf("%s/doing", box->run);

	file_write(AT_FDCWD, path, doing, 0600);
}

/* The owner of a lock could write any number there, of a process that root would then signal. */
static bool is_of(pid_t pid, uid_t owner)
{
	auto_free char *path = xasprintf("/proc/%d/status", (int)pid), *text = NULL;
	const char *uid;

	if (file_read(AT_FDCWD, path, STATUS_MAX, &text) < 0)
		return false;
	uid = strstr(text, "\nUid:\t");
	return uid && strtoul(uid + 6, NULL, 10) == owner;
}

int box_status(const char *name, struct box_status *ret, struct failure *f)
{
	auto_free char *dir = host_name_valid(name) ? box_dir(name) : NULL;
	auto_free char *path = xasprintf("%s/lock", dir ? dir : "");
	auto_free char *doing = xasprintf("%s/run/doing", dir ? dir : ""), *text = NULL;
	auto_close int fd = dir ? open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW) : -1;
	struct flock lock = whole_file;
	struct stat st;
	char *end;

	*ret = (struct box_status){ 0 };
	if (dir && fd < 0 && errno == EACCES)
		return fail_errno(f, EACCES, OTHERS_HINT, "%s", path);
	if (fd < 0 || fcntl(fd, F_OFD_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
		return fail(f, ESRCH, "testbox list shows who is running", "%s: not running", name);
	if (file_read(AT_FDCWD, path, LOCK_MAX, &text) == 0) {
		ret->pid = (pid_t)strtol(text, &end, 10);
		ret->started = strtoull(end, NULL, 10);
	}
	if (fstat(fd, &st) == 0)
		ret->seconds = (unsigned)(time(NULL) - st.st_mtime);
	else
		st.st_uid = geteuid();
	if (!is_of(ret->pid, st.st_uid))
		ret->pid = 0;
	if (file_read(AT_FDCWD, doing, DOING_MAX, &ret->doing) < 0)
		ret->doing = xstrdup("starting or ending");
	return 0;
}

int box_launcher(const struct box_status *status)
{
	int pidfd = status->pid > 0 ? pidfd_open(status->pid, 0) : -1;

	/* Compared after pidfd_open(2): the pidfd stays the process's, and its number may not. */
	if (pidfd < 0 || (status->started && started(status->pid) == status->started))
		return pidfd;
	close(pidfd);
	return -1;
}

void box_status_done(struct box_status *status)
{
	free(status->doing);
	*status = (struct box_status){ 0 };
}

int box_names(char ***ret, struct failure *f)
{
	auto_free char *state = box_state_dir();
	auto_dir DIR *dir = opendir(state);
	const struct dirent *entry;
	char **names = NULL;

	if (!dir && errno == EACCES)
		return fail_errno(f, EACCES, OTHERS_HINT, "%s", state);
	while (dir && (entry = readdir(dir))) {
		auto_failure struct failure none = { 0 };
		struct box_status status = { 0 };
		int r = host_name_valid(entry->d_name) ? box_status(entry->d_name, &status, &none)
						       : -ENOENT;

		/* Whether another user's is held cannot be seen. */
		if (r == 0 || r == -EACCES)
			strv_add(&names, xstrdup(entry->d_name));
		box_status_done(&status);
	}
	strv_sort(names);
	*ret = names;
	return 0;
}

/* By a descriptor of the folder, for an address has room for 108 bytes only (unix(7)). */
static int socket_at(const char *dir, const char *name, struct sockaddr_un *address, int *ret_dir)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	*ret_dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/%s", *ret_dir,
		 name);
	return fd;
}

int box_connect(const char *name, const char *socket_name)
{
	auto_free char *dir = box_dir(name), *run = xasprintf("%s/run", dir);
	struct sockaddr_un address;
	auto_close int at = -1;
	auto_close int fd = socket_at(run, socket_name, &address, &at);

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return steal_fd(&fd);
}

int box_listen(const struct box *box, const char *socket_name)
{
	struct sockaddr_un address;
	auto_close int at = -1;
	auto_close int fd = socket_at(box->run, socket_name, &address, &at);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(fd, VIEWERS) < 0)
		return -errno;
	return steal_fd(&fd);
}

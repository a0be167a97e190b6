// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/box.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/testbox/plan/host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#define DOING_MAX 256
#define LOCK_MAX  64
#define STAT_MAX  4096
#define VIEWERS	  8
/* The field of proc(5)'s /proc/PID/stat that has when it started, in ticks since the boot. */
#define STAT_STARTED 22

char *box_state_dir(void)
{
	const char *state = getenv("TESTBOX_STATE"), *home = getenv("HOME");

	if (state && *state == '/')
		return xstrdup(state);
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

	box->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (box->lock < 0)
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
	box->dir = box_dir(name);
	box->run = xasprintf("%s/run", box->dir);
	r = file_make_dirs(box->dir);
	if (r < 0)
		return fail_errno(f, -r, "TESTBOX_STATE= names another place", "%s", box->dir);
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

	file_write(AT_FDCWD, path, doing, 0644);
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
	if (fd < 0 || fcntl(fd, F_OFD_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
		return fail(f, ESRCH, "testbox list shows who is running", "%s: not running", name);
	if (file_read(AT_FDCWD, path, LOCK_MAX, &text) == 0) {
		ret->pid = (pid_t)strtol(text, &end, 10);
		ret->started = strtoull(end, NULL, 10);
	}
	if (fstat(fd, &st) == 0)
		ret->seconds = (unsigned)(time(NULL) - st.st_mtime);
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

char **box_names(void)
{
	auto_free char *state = box_state_dir();
	auto_dir DIR *dir = opendir(state);
	const struct dirent *entry;
	char **names = NULL;

	while (dir && (entry = readdir(dir))) {
		auto_failure struct failure f = { 0 };
		struct box_status status;

		if (host_name_valid(entry->d_name) && box_status(entry->d_name, &status, &f) == 0) {
			strv_add(&names, xstrdup(entry->d_name));
			box_status_done(&status);
		}
	}
	strv_sort(names);
	return names;
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

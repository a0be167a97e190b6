// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/watch/watch_root.h"

#include "initrd-builder/base/tail.h"
#include "initrd-builder/build/record.h"
#include "initrd-builder/root/arch.h"
#include "initrd-builder/root/kernels.h"
#include "src/common/clock.h"
#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* The exit status of a build's process. */
enum build_status {
	BUILD_CURRENT,
	BUILD_FAILED,
	BUILD_DONE,
	BUILD_BUSY, /* another builder is at work there */
};

#define END_SEC 15 /* from asking a build to end until it is killed */

static void say(const struct watch_root *root, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void say(const struct watch_root *root, const char *fmt, ...)
{
	auto_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	one_line_print(stdout, "%s: %s", root->path, text);
	fflush(stdout);
}

struct watch_root *watch_root_new(const char *dir, const char *path)
{
	struct watch_root *root = xcalloc(1, sizeof(*root));

	*root = (struct watch_root){
		.path = xstrdup(path),
		.state = WATCH_IDLE,
		.due = clock_ms(),
		.retry = WATCH_NEVER,
		.said = -1,
	};
	root->below = root->path + strlen(dir) + 1;
	return root;
}

void watch_root_free(struct watch_root *root)
{
	if (root->said >= 0)
		close(root->said);
	free(root->path);
	free(root->seen);
	free(root->inputs);
	free(root->outputs);
	strv_free(root->archs);
	free(root);
}

static uint64_t after(unsigned seconds)
{
	return clock_ms() + seconds * UINT64_C(1000);
}

void watch_root_touch(struct watch_root *root, const struct watch_options *options)
{
	root->touched = true;
	if (root->state == WATCH_SETTLING || root->state == WATCH_IDLE)
		root->due = after(options->settle);
}

/* What is to be seen of a file that was built. */
static void add_output(int dir_fd, const char *prefix, const char *version, const char *suffix,
		       char **text)
{
	auto_free char *name = xasprintf("%s-%s.%s", prefix, version, suffix);
	struct stat st = { 0 };

	fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW);
	set_text(text,
		 xasprintf("%s%s %ju %jd %jd.%09ld\n", *text, name, (uintmax_t)st.st_ino,
			   (intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec));
}

/* Opens it, and says how it looks: what goes into its images, and these. */
static int look(struct watch_root *watched, const struct watch_options *options, int dir_fd,
		struct rootfs *root, char **ret_inputs, char **ret_outputs, struct failure *f)
{
	__attribute__((cleanup(kernels_done))) struct kernels kernels = { 0 };
	auto_free char *inputs = xstrdup(""), *outputs = xstrdup("");
	auto_close int boot = -1;
	auto_strv char **archs = NULL;
	int r = rootfs_open_below(dir_fd, watched->below, watched->path, root, f);

	if (r == 0)
		r = kernels_find(root, NULL, &kernels, f);
	if (r == 0)
		boot = rootfs_openat(root, "boot", O_RDONLY | O_DIRECTORY);
	for (size_t i = 0; r == 0 && i < kernels.n && !interrupted; i++) {
		const struct kernel *kernel = &kernels.list[i];
		auto_free char *tree = NULL;

		strv_add(&archs, xstrdup(build_arch(kernel, &options->build)));
		r = record_tree(root, kernel->version, &tree, f);
		set_text(&inputs, xasprintf("%s%s %s %s\n", inputs, kernel->version,
					    kernel->compression->name, tree ? tree : ""));
		add_output(boot, "initramfs.lkp", kernel->version, "img", &outputs);
		add_output(boot, "initramfs.lkp", kernel->version, "from", &outputs);
		add_output(boot, "modules", kernel->version, "cgz", &outputs);
	}
	if (r < 0)
		return r;
	strv_free(watched->archs);
	watched->archs = STEAL(archs);
	*ret_inputs = STEAL(inputs);
	*ret_outputs = STEAL(outputs);
	return 0;
}

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* There is nothing to build from; that is told once. */
static void cannot(struct watch_root *root, const struct failure *f)
{
	auto_free char *text = log_failure_text(f);

	root->state = WATCH_IDLE;
	root->due = WATCH_NEVER;
	if (!same(root->seen, text) && !interrupted)
		say(root, "waits: %s", text);
	set_text(&root->seen, STEAL(text));
}

/* Opens it; gives false where it cannot be built from, or does not look as before. */
static bool is_settled(struct watch_root *root, const struct watch_options *options, int dir_fd,
		       struct rootfs *opened, char **ret_outputs)
{
	auto_failure struct failure f = { 0 };
	auto_free char *inputs = NULL;

	root->touched = false;
	if (look(root, options, dir_fd, opened, &inputs, ret_outputs, &f) < 0) {
		cannot(root, &f);
		return false;
	}
	if (same(root->seen, inputs))
		return true;
	if (root->state != WATCH_SETTLING)
		say(root, "%s, waits until it looks the same for %u s",
		    root->seen ? "changed" : "found", options->settle);
	set_text(&root->seen, STEAL(inputs));
	root->state = WATCH_SETTLING;
	root->due = after(options->settle);
	return false;
}

void watch_root_look(struct watch_root *root, const struct watch_options *options, int dir_fd)
{
	__attribute__((cleanup(rootfs_close))) struct rootfs opened = { .fd = -1 };
	auto_free char *outputs = NULL;

	if (!is_settled(root, options, dir_fd, &opened, &outputs))
		return;
	if (same(root->seen, root->inputs) && same(outputs, root->outputs) &&
	    clock_ms() < root->retry) {
		root->state = WATCH_IDLE;
		root->due = root->retry;
		return;
	}
	root->state = WATCH_READY;
	root->due = WATCH_NEVER;
}

/* In a process of its own: builds, and gives its exit status. */
static enum build_status build(const struct watch_root *root, const struct rootfs *opened,
			       const struct build_options *options, const struct parts *parts,
			       struct containers *containers, pid_t parent)
{
	auto_failure struct failure f = { 0 };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t signals;
	int r;

	/* A terminal's Ctrl-C is for the parent, which passes it on. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent || null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
	    dup2(root->said, 2) < 0)
		return BUILD_FAILED;
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&signals);
	sigprocmask(SIG_SETMASK, &signals, NULL);
	unsetenv("JOURNAL_STREAM"); /* its words become part of a line of the parent */
	r = build_opened(opened, options, parts, containers, &f);
	if (r < 0) {
		auto_free char *text = log_failure_text(&f);

		log_line(LOG_ERR, "%s", text);
		return r == -EAGAIN ? BUILD_BUSY : BUILD_FAILED;
	}
	return r > 0 ? BUILD_DONE : BUILD_CURRENT;
}

/* Here, and not in the process that builds, so that they are found once. It tells what is missing.
 */
static void find_containers(const struct watch_root *root, struct containers *containers)
{
	for (char **arch = root->archs; arch && *arch; arch++) {
		auto_failure struct failure ignored = { 0 };
		const char *known = arch_known(*arch);
		const struct container *container;

		if (known)
			containers_get(containers, known, &container, &ignored);
	}
}

int watch_root_build(struct watch_root *root, const struct watch_options *options, int dir_fd,
		     const struct parts *parts, struct containers *containers, struct failure *f)
{
	__attribute__((cleanup(rootfs_close))) struct rootfs opened = { .fd = -1 };
	struct build_options build_options = options->build;
	auto_free char *outputs = NULL;
	pid_t parent = getpid();
	int r;

	/* It may have waited for long, and another may lie in its place. */
	if (!is_settled(root, options, dir_fd, &opened, &outputs))
		return 0;
	build_options.no_wait = true;
	root->said = memfd_create("said", MFD_CLOEXEC);
	if (root->said < 0)
		return fail_errno(f, errno, NULL, "memfd_create");
	find_containers(root, containers);
	root->touched = false;
	root->begun = clock_ms();
	fflush(NULL);
	root->pid = fork();
	if (root->pid == 0)
		_exit(build(root, &opened, &build_options, parts, containers, parent));
	if (root->pid < 0) {
		r = fail_errno(f, errno, NULL, "fork");
		close(root->said);
		root->said = -1;
		return r;
	}
	setpgid(root->pid, root->pid); /* the child does so too: it is done after either */
	root->state = WATCH_BUILDING;
	root->late = WATCH_IN_TIME;
	root->due = after(options->build_timeout);
	say(root, "building");
	return 0;
}

void watch_root_overdue(struct watch_root *root)
{
	bool asked = root->late != WATCH_IN_TIME;

	kill(-root->pid, asked ? SIGKILL : SIGTERM);
	root->late = asked ? WATCH_KILLED : WATCH_ASKED;
	root->due = asked ? WATCH_NEVER : after(END_SEC);
}

bool watch_root_before(const struct watch_root *root, const struct watch_root *other)
{
	bool failed = root->failures > 0, other_failed = other->failures > 0;

	return failed != other_failed ? other_failed : root->begun < other->begun;
}

/* The last line that it said. */
static char *cause(int fd)
{
	auto_free char *line = tail_read(fd, 1);

	line[strcspn(line, "\n")] = '\0';
	return *line ? STEAL(line) : xstrdup("it was killed");
}

static void failed(struct watch_root *root, double seconds, bool busy,
		   const struct watch_options *options)
{
	auto_free char *why = cause(root->said);
	auto_free char *what = busy ? xstrdup("busy") : xasprintf("failed after %.1f s", seconds);
	unsigned delay = options->retry;

	for (unsigned i = 0; i < root->failures && delay < WATCH_RETRY_MAX; i++)
		delay *= 2;
	if (delay > WATCH_RETRY_MAX)
		delay = WATCH_RETRY_MAX;
	root->failures++;
	root->retry = after(delay);
	if (root->late) {
		free(why);
		why = xasprintf("a build may take %u s (--build-timeout)", options->build_timeout);
	}
	say(root, "%s, next try in %u s or when it changes: %s", what, delay, why);
}

static void succeeded(struct watch_root *root, double seconds, bool built)
{
	auto_free char *warnings = tail_read(root->said, 20);

	root->failures = 0;
	root->retry = WATCH_NEVER;
	log_text(LOG_WARNING, warnings);
	if (built)
		say(root, "built in %.1f s", seconds);
	else
		say(root, "current");
}

void watch_root_ended(struct watch_root *root, const struct watch_options *options, int dir_fd)
{
	__attribute__((cleanup(rootfs_close))) struct rootfs opened = { .fd = -1 };
	double seconds = (double)(clock_ms() - root->begun) / 1000;
	auto_failure struct failure f = { 0 };
	auto_free char *inputs = NULL, *outputs = NULL;
	int status;

	if (root->state != WATCH_BUILDING || waitpid(root->pid, &status, WNOHANG) != root->pid)
		return;
	if (WIFEXITED(status) &&
	    (WEXITSTATUS(status) == BUILD_CURRENT || WEXITSTATUS(status) == BUILD_DONE))
		succeeded(root, seconds, WEXITSTATUS(status) == BUILD_DONE);
	else if (!interrupted)
		failed(root, seconds, WIFEXITED(status) && WEXITSTATUS(status) == BUILD_BUSY,
		       options);
	close(root->said);
	root->said = -1;
	root->pid = 0;
	/* What changed meanwhile is not in the image: the next look finds it. */
	look(root, options, dir_fd, &opened, &inputs, &outputs, &f);
	set_text(&root->inputs, xstrdup(root->seen));
	set_text(&root->outputs, STEAL(outputs));
	root->state = WATCH_IDLE;
	root->due =
		root->touched || !same(inputs, root->seen) ? after(options->settle) : root->retry;
}

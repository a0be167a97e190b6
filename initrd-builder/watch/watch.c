// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/watch/watch.h"

#include "initrd-builder/build/userspace_key.h"
#include "initrd-builder/root/arch.h"
#include "initrd-builder/watch/finder.h"
#include "initrd-builder/watch/watch_root.h"
#include "src/common/clock.h"
#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define SCAN_DELAY_MS 1000 /* what comes comes in many pieces */

struct watch {
	const struct watch_options *options;
	struct parts parts;
	struct containers containers;
	char *userspaces; /* the keys of those that images are built with */
	struct finder finder;
	struct watch_root **list;
	size_t n;
	uint64_t scan, rescan; /* when */
	bool deaf;	       /* told */
};

static void on_touched(void *arg, const char *path)
{
	struct watch *watch = arg;

	if (watch->scan == WATCH_NEVER)
		watch->scan = clock_ms() + SCAN_DELAY_MS;
	for (size_t i = 0; path && i < watch->n; i++) {
		if (strcmp(watch->list[i]->path, path) == 0)
			watch_root_touch(watch->list[i], watch->options);
	}
}

static void tell_failure(const struct failure *f)
{
	auto_free char *text = log_failure_text(f);

	log_line(LOG_ERR, "initrd-builder: %s", text);
}

/* Puts the key of its userspace behind the others. */
static int add_container(const struct watch *watch, struct containers *containers, const char *arch,
			 char **keys, struct failure *f)
{
	const struct build_options *options = &watch->options->build;
	struct userspace userspace = { NULL, &watch->parts, options->cache, options->with };
	auto_free char *key = NULL, *before = NULL;
	int r = containers_get(containers, arch, &userspace.container, f);

	if (r == 0)
		r = userspace_key(&userspace, compression_choose(NULL), &key, f);
	if (r < 0)
		return r;
	before = *keys;
	*keys = xasprintf("%s%s %s\n", before ? before : "", arch, key);
	return 0;
}

/* What images are built with may change too: other containers, another state of this machine. One
 * must be there; another architecture's is needed where a root of it is, and is new the first time.
 * Gives 1 where they did. */
static int find_containers(struct watch *watch, struct failure *f)
{
	const struct build_options *build = &watch->options->build;
	const char *first = build->arch ? build->arch : arch_own();
	__attribute__((cleanup(containers_done))) struct containers now = {
		.engine = build->engine,
		.image = build->image,
	};
	auto_free char *keys = NULL;
	int r = add_container(watch, &now, first, &keys, f);

	if (r < 0)
		return r;
	for (size_t i = 1; i < watch->containers.n; i++) {
		auto_failure struct failure gone = { 0 };

		add_container(watch, &now, watch->containers.list[i]->arch, &keys, &gone);
	}
	if (watch->userspaces && strcmp(watch->userspaces, keys) == 0)
		return 0;
	containers_done(&watch->containers);
	free(watch->userspaces);
	watch->containers = now;
	watch->userspaces = STEAL(keys);
	now = (struct containers){ 0 };
	return 1;
}

static struct watch_root *get(const struct watch *watch, const char *path)
{
	for (size_t i = 0; i < watch->n; i++) {
		if (strcmp(watch->list[i]->path, path) == 0)
			return watch->list[i];
	}
	return NULL;
}

static void add(struct watch *watch, const char *path)
{
	struct watch_root *root = get(watch, path);

	if (!root) {
		root = watch_root_new(watch->options->dir, path);
		watch->list = xreallocarray(watch->list, watch->n + 1, sizeof(*watch->list));
		watch->list[watch->n++] = root;
	}
	root->found = true;
}

/* Those that are gone; a build that goes on is waited for. */
static void forget(struct watch *watch)
{
	size_t kept = 0;

	for (size_t i = 0; i < watch->n; i++) {
		struct watch_root *root = watch->list[i];

		if (root->found || root->state == WATCH_BUILDING) {
			watch->list[kept++] = root;
			continue;
		}
		one_line_print(stdout, "%s: gone", root->path);
		fflush(stdout);
		watch_root_free(root);
	}
	watch->n = kept;
}

static int scan(struct watch *watch, struct failure *f)
{
	auto_strv char **roots = NULL;
	int r = finder_scan(&watch->finder, &roots, f);

	watch->scan = WATCH_NEVER;
	if (r < 0 || interrupted)
		return r;
	for (size_t i = 0; i < watch->n; i++)
		watch->list[i]->found = false;
	for (char **root = roots; root && *root; root++)
		add(watch, *root);
	forget(watch);
	if (watch->finder.deaf && !watch->deaf)
		log_line(LOG_WARNING,
			 "initrd-builder: warning: not all of %s can be listened to, changes are "
			 "found every %u s: %s (raise fs.inotify.max_user_watches)",
			 watch->options->dir, watch->options->rescan, strerror(watch->finder.deaf));
	watch->deaf = watch->finder.deaf != 0;
	return 0;
}

/* The directory's path may lead to another one by now: a file server's that is mounted there since,
 * or a new one. Only here is the path looked at again. */
static int reopen(struct watch *watch, struct failure *f)
{
	int r = finder_open(&watch->finder, f);

	if (r > 0) {
		one_line_print(stdout, "%s: is another directory now", watch->options->dir);
		fflush(stdout);
	}
	return r;
}

/* What nothing was heard of: other clients of a file server, another container. */
static void rescan(struct watch *watch)
{
	auto_failure struct failure f = { 0 }, closed = { 0 };
	int changed = find_containers(watch, &f);

	/* It goes on with the directory that it has. */
	if (reopen(watch, &closed) < 0)
		tell_failure(&closed);
	if (changed < 0 || scan(watch, &f) < 0)
		tell_failure(&f);
	for (size_t i = 0; i < watch->n; i++) {
		struct watch_root *root = watch->list[i];

		if (changed > 0)
			free(STEAL(root->inputs));
		if (root->state == WATCH_IDLE)
			root->due = clock_ms();
	}
	watch->rescan = clock_ms() + watch->options->rescan * UINT64_C(1000);
}

static struct watch_root *first_ready(const struct watch *watch)
{
	struct watch_root *first = NULL;

	for (size_t i = 0; i < watch->n; i++) {
		struct watch_root *root = watch->list[i];

		if (root->state == WATCH_READY && (!first || watch_root_before(root, first)))
			first = root;
	}
	return first;
}

static void start_builds(struct watch *watch)
{
	struct watch_root *root;
	unsigned running = 0;

	for (size_t i = 0; i < watch->n; i++)
		running += watch->list[i]->state == WATCH_BUILDING;
	while (running < watch->options->jobs && !interrupted && (root = first_ready(watch))) {
		auto_failure struct failure f = { 0 };

		if (watch_root_build(root, watch->options, watch->finder.fd, &watch->parts,
				     &watch->containers, &f) < 0) {
			tell_failure(&f); /* tried again at the next event */
			return;
		}
		running += root->state == WATCH_BUILDING;
	}
}

/* All that is due. */
static void work(struct watch *watch)
{
	auto_failure struct failure f = { 0 };

	finder_hear(&watch->finder);
	for (size_t i = 0; i < watch->n; i++)
		watch_root_ended(watch->list[i], watch->options, watch->finder.fd);
	if (clock_ms() >= watch->rescan)
		rescan(watch);
	else if (clock_ms() >= watch->scan && scan(watch, &f) < 0)
		tell_failure(&f);
	for (size_t i = 0; i < watch->n && !interrupted; i++) {
		struct watch_root *root = watch->list[i];

		if (clock_ms() < root->due)
			continue;
		if (root->state == WATCH_BUILDING)
			watch_root_overdue(root);
		else
			watch_root_look(root, watch->options, watch->finder.fd);
	}
	start_builds(watch);
}

/* Waits until something happens. A signal that came before is seen, for it comes only while this
 * waits; ended children are only seen here. */
static void wait_event(int fd, const struct timespec *timeout)
{
	struct pollfd events = { .fd = fd, .events = POLLIN };
	sigset_t ends, before, waiting;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, &before);
	waiting = before;
	sigdelset(&waiting, SIGCHLD);
	if (!interrupted)
		ppoll(&events, 1, timeout, &waiting);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/* Until something happens, or is due. */
static void pause_work(const struct watch *watch)
{
	uint64_t next = watch->rescan < watch->scan ? watch->rescan : watch->scan;
	uint64_t now = clock_ms(), left;
	struct timespec timeout;

	for (size_t i = 0; i < watch->n; i++) {
		if (watch->list[i]->due < next)
			next = watch->list[i]->due;
	}
	left = next > now ? next - now : 0;
	timeout = (struct timespec){ .tv_sec = (time_t)(left / 1000),
				     .tv_nsec = (long)(left % 1000) * 1000000 };
	wait_event(watch->finder.inotify, &timeout);
}

static void on_child(int number)
{
	(void)number;
}

/* A child's end ends a wait, and comes at no other time. */
static void hear_children(void)
{
	struct sigaction action = { .sa_handler = on_child };
	sigset_t child;

	sigemptyset(&action.sa_mask);
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
}

/* The builds end as `build` does: they leave nothing unfinished. */
static void end_builds(const struct watch *watch)
{
	for (size_t i = 0; i < watch->n; i++) {
		if (watch->list[i]->state == WATCH_BUILDING)
			kill(watch->list[i]->pid, SIGTERM);
	}
	for (size_t i = 0; i < watch->n; i++) {
		if (watch->list[i]->state == WATCH_BUILDING)
			waitpid(watch->list[i]->pid, NULL, 0);
	}
}

static void watch_done(struct watch *watch)
{
	for (size_t i = 0; i < watch->n; i++)
		watch_root_free(watch->list[i]);
	free(watch->list);
	finder_done(&watch->finder);
	containers_done(&watch->containers);
	parts_done(&watch->parts);
	free(watch->userspaces);
}

int watch_run(const struct watch_options *options, struct failure *f)
{
	__attribute__((cleanup(watch_done))) struct watch watch = {
		.options = options,
		.scan = WATCH_NEVER,
		.finder = { .dir = options->dir, .fd = -1, .inotify = -1, .touched = on_touched },
	};
	int r = parts_find(&watch.parts, f);

	watch.finder.arg = &watch;
	if (r == 0)
		r = find_containers(&watch, f);
	if (r >= 0)
		r = finder_open(&watch.finder, f);
	if (r >= 0)
		r = scan(&watch, f);
	if (r < 0)
		return r;
	hear_children();
	one_line_print(stdout, "watching %s: %zu root%s, engine %s, %u at a time", options->dir,
		       watch.n, watch.n == 1 ? "" : "s", watch.containers.list[0]->engine->name,
		       options->jobs);
	watch.rescan = clock_ms() + options->rescan * UINT64_C(1000);
	fflush(stdout);
	while (!interrupted) {
		work(&watch);
		pause_work(&watch);
	}
	end_builds(&watch);
	one_line_print(stdout, "ended by a signal");
	return 0;
}

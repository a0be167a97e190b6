// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/machine.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/pause.h"
#include "src/common/program.h"
#include "src/testbox/download/boot_files_check.h"
#include "src/testbox/machine/accel.h"
#include "src/testbox/machine/host_find.h"
#include "src/testbox/machine/images.h"
#include "src/testbox/machine/lkp_status.h"
#include "src/testbox/machine/machine_stop.h"
#include "src/testbox/machine/machine_watch.h"
#include "src/testbox/machine/memory.h"
#include "src/testbox/machine/result.h"
#include "src/testbox/machine/shared.h"
#include "src/testbox/machine/sockets.h"
#include "src/testbox/plan/line_check.h"
#include "src/testbox/plan/machine_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#define QEMU_LOG_MAX  65536
#define SOCKET_WAIT_S 10 /* that virtiofsd may take to listen */

/* A run under way. */
struct run {
	const struct boot_script *script;
	const struct boot_files *files;
	const struct run_options *options;
	const volatile sig_atomic_t *stop;
	struct box *box;
	struct host host;
	int kvm;
	char *iso, *initrd;
	struct timespec since; /* when the results were looked after */
	struct machine_plan plan;
	struct machine_sockets ours, theirs;
	int qemu_log;
	struct machine_watch watch;
	struct run_result *result;
};

static const char *kernel_line(const struct run *run)
{
	return run->script->args ? run->script->args : "";
}

static int check_line(const struct run *run, struct failure *f)
{
	auto_free char *warning = NULL;
	int r = line_check(&run->files->image, &run->host, kernel_line(run), &warning, f);

	if (warning)
		log_line(LOG_WARNING, "testbox: %s: %s", run->box->name, warning);
	return r;
}

static int step_host(struct run *run, struct failure *f)
{
	int r = host_find(&run->host, run->box->name, run->options->hosts, f);
	enum host_arch arch;

	if (r == 0 && !run->files->kernel &&
	    (!run->host.pxe || run->options->result || personality_is(&run->options->personality)))
		return fail(
			f, EINVAL,
			"name a script; or write template: pxe, without --result and "
			"--personality",
			"host %s: there is no script, and its host file does not say template: pxe",
			run->box->name);
	if (r == 0 && run->files->kernel && boot_files_check_arch(run->files->kernel, &arch))
		r = host_take_arch(&run->host, arch, f);
	if (r == 0)
		r = host_ask(&run->host, &run->script->wishes, f);
	return r == 0 ? check_line(run, f) : r;
}

static int step_accel(struct run *run, struct failure *f)
{
	if (run->options->kvm == KVM_PROBE)
		run->kvm = accel_kvm(run->box, run->host.arch, run->files->kernel, run->stop, f);
	else
		run->kvm = run->options->kvm == KVM_YES;
	return run->kvm < 0 ? run->kvm : 0;
}

static int step_personality(struct run *run, struct failure *f)
{
	if (!personality_is(&run->options->personality))
		return 0;
	run->iso = xasprintf("%s/personality.iso", run->box->run);
	if (run->options->dry_run)
		return 0;
	return personality_write_iso(&run->options->personality, run->iso, f);
}

/* From here on nothing that is started for the machine can make devices (capabilities(7)). */
static int step_result(struct run *run, struct failure *f)
{
	const char *dir = run->options->result;
	mode_t mode;
	int r;

	if (run->options->dry_run || (!dir && !run->files->initrd))
		return 0;
	run->initrd = xasprintf("%s/initrd-results", run->box->run);
	clock_gettime(CLOCK_REALTIME_COARSE, &run->since);
	if (!dir)
		return result_prepare(NULL, run->host.share, run->files->initrd, run->initrd, f);
	prctl(PR_CAPBSET_DROP, CAP_MKNOD);
	r = shared_mode(dir, &mode, f);
	if (r == 0)
		r = undo_shared(run->box->undo, dir, mode, f);
	if (r == 0)
		r = shared_close(dir, mode, f);
	if (r < 0)
		return r;
	return result_prepare(dir, run->host.share, run->files->initrd, run->initrd, f);
}

static int step_plan(struct run *run, struct failure *f)
{
	int r = sockets_make(&run->ours, &run->theirs, run->iso, f);

	if (r < 0)
		return r;
	const struct machine_request request = {
		.host = &run->host,
		.kvm = run->kvm,
		.dir = run->box->dir,
		.run = run->box->run,
		.kernel = run->files->kernel,
		.initrd = run->initrd ? run->initrd : run->files->initrd,
		.cmdline = kernel_line(run),
		.iso = run->iso,
		.result = run->options->result,
		.rootfs = run->options->rootfs,
		.sockets = run->theirs,
	};

	machine_plan_build(&run->plan, &request);
	return 0;
}

static int step_memory(struct run *run, struct failure *f)
{
	return memory_wait(run->box, run->plan.memory, run->options->memory_wait, run->stop, f);
}

static int step_disks(struct run *run, struct failure *f)
{
	return images_make(run->box, &run->plan, run->stop, f);
}

static int open_log(const struct box *box, const char *name, int *ret, struct failure *f)
{
	auto_free char *path = xasprintf("%s/%s", box->dir, name);

	*ret = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	return *ret < 0 ? fail_errno(f, errno, NULL, "%s", path) : 0;
}

static int start(struct run *run, char *const *argv, int log, const int *keep, pid_t *ret,
		 struct failure *f)
{
	struct program program = { .argv = (const char *const *)argv, .output = log, .keep = keep };

	return undo_start(run->box->undo, &program, ret, f);
}

/* virtiofsd listens some moments after its start; QEMU would not wait. */
static int start_share(struct run *run, const struct plan_share *share, int log, struct failure *f)
{
	double until = pause_clock() + SOCKET_WAIT_S;
	pid_t pid;
	int r = undo_path(run->box->undo, share->socket, f);

	if (r == 0)
		r = start(run, share->virtiofsd, log, NULL, &pid, f);
	while (r == 0 && access(share->socket, F_OK) < 0) {
		siginfo_t ended = { 0 };

		if (*run->stop)
			return fail(f, EINTR, NULL, "interrupted");
		if (pause_clock() > until ||
		    waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    ended.si_pid)
			return fail(
				f, EIO, "it needs root; \"share: 9p\" in the host's file does not",
				"virtiofsd does not listen, see %s/virtiofsd.log", run->box->dir);
		pause_for(0.02, run->stop);
	}
	return r;
}

static int step_share(struct run *run, struct failure *f)
{
	auto_close int log = -1;
	int r = run->plan.n_shares ? open_log(run->box, "virtiofsd.log", &log, f) : 0;

	for (size_t i = 0; r == 0 && i < run->plan.n_shares; i++)
		r = start_share(run, &run->plan.shares[i], log, f);
	return r;
}

static int step_start(struct run *run, struct failure *f)
{
	const int keep[] = { run->theirs.console, run->theirs.qmp, run->theirs.port, -1 };
	struct machine_watch *watch = &run->watch;
	int r = open_log(run->box, "qemu.log", &run->qemu_log, f);

	if (r == 0)
		r = console_open(&watch->console, run->box, steal_fd(&run->ours.console),
				 run->options->verbose, kernel_line(run), f);
	if (r == 0)
		r = start(run, run->plan.qemu, run->qemu_log, keep, &watch->qemu, f);
	if (r < 0)
		return r;
	memory_promise(run->box, run->plan.memory, watch->qemu);
	if (!run->options->verbose)
		log_line(LOG_NOTICE, "%s: the machine runs; testbox console %s shows it",
			 run->box->name, run->box->name);
	sockets_close(&run->theirs);
	qmp_open(&watch->qmp, steal_fd(&run->ours.qmp));
	watch->port = run->ours.port;
	return 0;
}

/* Where QEMU itself failed, the last line of its log says why. */
static void add_qemu_error(const struct run *run, struct failure *f)
{
	auto_free char *path = xasprintf("%s/qemu.log", run->box->dir), *text = NULL;
	auto_free char *hint = NULL;
	auto_strv char **lines = NULL;
	size_t n;

	if (f->hint || file_read(AT_FDCWD, path, QEMU_LOG_MAX, &text) < 0)
		return;
	lines = strv_split(text, "\n");
	n = strv_len(lines);
	hint = n ? xstrdup(lines[n - 1]) : xasprintf("see %s", path);
	fail(f, f->code, hint, "%s", f->what);
}

static int step_watch(struct run *run, struct failure *f)
{
	struct machine_watch *watch = &run->watch;
	int r;

	watch->box = run->box;
	watch->acknowledged = run->iso ? ACK_WANTED : ACK_NOT_WANTED;
	watch->timeout = run->options->timeout;
	watch->acknowledge = run->options->acknowledge;
	watch->keep_failed = run->options->keep_failed;
	watch->stop = run->stop;
	r = machine_watch(watch, run->result, f);
	if (r < 0)
		console_note(&watch->console, f->what);
	else if (run->result->reason)
		console_note(&watch->console, run->result->reason);
	if (r == -EIO)
		add_qemu_error(run, f);
	return r;
}

static const struct step {
	const char *doing;
	int (*run)(struct run *run, struct failure *f);
	bool dry; /* of a dry run too */
} steps[] = {
	{ "reading the host", step_host, true },
	{ "choosing the processor", step_accel, true },
	{ "making the personality", step_personality, true },
	{ "preparing the results", step_result, true },
	{ "planning", step_plan, true },
	{ "looking for memory", step_memory, false },
	{ "making disks", step_disks, false },
	{ "sharing the results", step_share, false },
	{ "starting", step_start, false },
	{ "running", step_watch, false },
};

static int run_steps(struct run *run, struct failure *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(steps); i++) {
		if (run->options->dry_run && !steps[i].dry)
			continue;
		if (*run->stop)
			return fail(f, EINTR, NULL, "interrupted");
		box_say(run->box, steps[i].doing);
		if (run->options->verbose)
			log_line(LOG_INFO, "%s: %s", run->box->name, steps[i].doing);
		r = steps[i].run(run, f);
	}
	return r;
}

static void done(struct run *run)
{
	sockets_close(&run->ours);
	sockets_close(&run->theirs);
	console_close(&run->watch.console);
	qmp_close(&run->watch.qmp);
	if (run->qemu_log >= 0)
		close(run->qemu_log);
	machine_plan_done(&run->plan);
	host_done(&run->host);
	free(run->iso);
	free(run->initrd);
}

/* What of this run is in run/: the next run of this launcher begins as clean as the first. */
static int clean_run_dir(struct run *run, struct failure *f)
{
	static const char *const names[] = { "personality.iso", "initrd-results", "new-disk",
					     "qemu-img.log", BOX_CONSOLE };
	auto_free char *memory = memory_file(run->box);
	int r = undo_path(run->box->undo, memory, f);

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(names); i++) {
		auto_free char *path = xasprintf("%s/%s", run->box->run, names[i]);

		r = undo_path(run->box->undo, path, f);
	}
	for (size_t i = 1; r == 0 && i <= HOST_DISKS_MAX; i++) {
		auto_free char *path = xasprintf("%s/disk-%zu.qcow2", run->box->run, i);

		r = undo_path(run->box->undo, path, f);
	}
	return r;
}

int machine_run(const struct boot_script *script, const struct boot_files *files,
		const struct run_options *options, const volatile sig_atomic_t *stop,
		struct run_result *ret, struct failure *f)
{
	struct run run = {
		.script = script,
		.files = files,
		.options = options,
		.stop = stop,
		.box = options->box,
		.ours = { -1, -1, -1 },
		.theirs = { -1, -1, -1 },
		.qemu_log = -1,
		.watch = { .console = { .fd = -1, .listener = -1 },
			   .qmp = { .fd = -1 },
			   .port = -1 },
		.result = ret,
	};
	size_t mark = undo_mark(run.box->undo);
	int r;

	machine_stop_asked &= MACHINE_STOP_LEAVE;
	*ret = (struct run_result){ .status = -1 };
	for (size_t i = 0; i < CONSOLE_VIEWERS; i++)
		run.watch.console.viewers[i] = -1;
	r = clean_run_dir(&run, f);
	if (r == 0)
		r = run_steps(&run, f);
	box_say(run.box, "ending");
	undo_back(run.box->undo, mark);
	box_say(run.box, "between machines");
	if (r == 0 && options->dry_run)
		machine_plan_print(&run.plan, stdout);
	else if (r == 0 && options->result && ret->end == RUN_ENDED &&
		 (ret->status = result_status(options->result)) < 0)
		ret->status = lkp_status(options->result, run.since);
	if (r < 0)
		failure_prefix(f, "%s", run.box->name);
	done(&run);
	return r;
}

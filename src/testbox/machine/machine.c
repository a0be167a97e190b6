// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/machine.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "src/testbox/download/boot_files_check.h"
#include "src/testbox/machine/accel.h"
#include "src/testbox/machine/bases.h"
#include "src/testbox/machine/fence_start.h"
#include "src/testbox/machine/images.h"
#include "src/testbox/machine/lkp_status.h"
#include "src/testbox/machine/machine_stop.h"
#include "src/testbox/machine/machine_watch.h"
#include "src/testbox/machine/memory.h"
#include "src/testbox/machine/qemu_launch.h"
#include "src/testbox/machine/result.h"
#include "src/testbox/machine/room.h"
#include "src/testbox/machine/share.h"
#include "src/testbox/machine/sockets.h"
#include "src/testbox/plan/line_check.h"
#include "src/testbox/plan/machine_plan.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>

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
	struct timespec since;	 /* when the results were looked after */
	struct plan_base *bases; /* of each disk of the host */
	struct machine_plan plan;
	struct machine_sockets ours, theirs;
	struct shares shares;
	struct fence_sockets nets;
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
	enum host_arch arch;
	int r = 0;

	if (!run->files->kernel &&
	    (!run->host.pxe || run->options->result || personality_is(&run->options->personality)))
		return fail(
			f, EINVAL,
			"name a script; or write template: pxe, without --result and "
			"--personality",
			"host %s: there is no script, and its host file does not say template: pxe",
			run->box->name);
	if (run->files->kernel && boot_files_check_arch(run->files->kernel, &arch))
		r = host_take_arch(&run->host, arch, f);
	if (r == 0)
		r = host_ask(&run->host, &run->script->wishes, f);
	return r == 0 ? check_line(run, f) : r;
}

static int step_accel(struct run *run, struct failure *f)
{
	if (run->options->kvm == KVM_PROBE)
		run->kvm = accel_kvm(run->box, run->host.arch, run->options->dry_run, run->stop, f);
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
	return personality_make_iso(&run->options->personality, run->iso, run->stop, f);
}

/* From here on nothing that is started for the machine can make devices (capabilities(7)). */
static int step_result(struct run *run, struct failure *f)
{
	const char *dir = run->options->result;
	int fd = run->options->result_fd, r;

	if (run->options->dry_run || (!dir && !run->files->initrd))
		return 0;
	run->initrd = xasprintf("%s/initrd-results", run->box->run);
	clock_gettime(CLOCK_REALTIME_COARSE, &run->since);
	if (!dir)
		return result_prepare(-1, run->host.share, run->files->initrd, run->initrd, f);
	prctl(PR_CAPBSET_DROP, CAP_MKNOD);
	r = share_lend(run->box, dir, fd, run->host.share, f);
	if (r < 0)
		return r;
	return result_prepare(fd, run->host.share, run->files->initrd, run->initrd, f);
}

static int step_plan(struct run *run, struct failure *f)
{
	int r = sockets_make(&run->ours, &run->theirs, run->iso, f);

	if (r == 0 && run->options->result && run->host.share == SHARE_VIRTIOFS)
		r = share_sockets(run->box, RESULT_TAG, &run->shares.result, f);
	if (r == 0 && run->options->rootfs)
		r = share_sockets(run->box, ROOT_TAG, &run->shares.rootfs, f);
	if (r == 0)
		r = fence_sockets_make(&run->nets, &run->host, f);
	if (r < 0)
		return r;
	run->bases = bases_find(run->box, &run->host, run->options->dry_run, run->stop);
	struct reach reach = fence_reach(&run->host, run->script);
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
		.result_fd = run->options->result_fd,
		.rootfs = run->options->rootfs,
		.result_share = run->shares.result,
		.rootfs_share = run->shares.rootfs,
		.sockets = run->theirs,
		.bases = run->bases,
		.reach = &reach,
		.nets = reach.all ? NULL : run->nets.qemu,
	};

	machine_plan_build(&run->plan, &request);
	reach_done(&reach);
	return 0;
}

static int step_memory(struct run *run, struct failure *f)
{
	return memory_wait(run->box, run->plan.memory, run->options->memory_wait, run->stop, f);
}

static int step_disks(struct run *run, struct failure *f)
{
	int r = room_wait(run->box, &run->plan, run->options->memory_wait, run->stop, f);

	return r == 0 ? images_make(run->box, &run->plan, run->stop, f) : r;
}

static int step_share(struct run *run, struct failure *f)
{
	struct cut_log *output = &run->watch.share_output;
	int r = run->plan.n_shares ? cut_log_open(output, run->box, "virtiofsd.log", f) : 0;

	if (r == 0 && run->options->result)
		r = results_room_begin(&run->watch.results, run->options->result_fd,
				       run->host.results_size, f);
	if (r == 0)
		r = shares_start(&run->shares, run->box, &run->plan, run->options->result_fd,
				 run->options->rootfs_fd, output->writer, f);
	cut_log_started(output);
	return r;
}

static uint64_t file_size(const char *path)
{
	struct stat st;

	return path && stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static int step_network(struct run *run, struct failure *f)
{
	return fence_start(&run->nets, &run->host, run->script, run->box, f);
}

static int step_start(struct run *run, struct failure *f)
{
	struct machine_watch *watch = &run->watch;
	const struct qemu_launch launch = {
		.box = run->box,
		.plan = &run->plan,
		.sockets = &run->theirs,
		.shares = &run->shares,
		.nets = &run->nets,
		.folder = run->options->result && run->host.share == SHARE_9P
				  ? run->options->result_fd
				  : -1,
		.output = &watch->output,
		.cpus = run->host.cpus,
		.initrd = file_size(run->initrd),
		.verbose = run->options->verbose,
	};
	int r = cut_log_open(&watch->output, run->box, "qemu.log", f);

	if (r == 0)
		r = console_open(&watch->console, run->box, steal_fd(&run->ours.console),
				 run->options->verbose, kernel_line(run), f);
	if (r == 0)
		r = qemu_launch(&launch, &watch->qemu, f);
	sockets_close(&run->theirs);
	shares_close(&run->shares);
	if (r < 0)
		return r;
	memory_promise(run->box, run->plan.memory, watch->qemu);
	if (!run->options->verbose)
		log_line(LOG_NOTICE, "%s: the machine runs; testbox console %s shows it",
			 run->box->name, run->box->name);
	fence_sockets_close(&run->nets);
	qmp_open(&watch->qmp, steal_fd(&run->ours.qmp));
	qmp_begin(&watch->qmp, run->plan.append);
	watch->port = run->ours.port;
	return 0;
}

/* Where QEMU itself failed, the last line of its log says why. */
static void add_qemu_error(const struct run *run, struct failure *f)
{
	auto_free char *hint = f->hint ? NULL : cut_log_last_line(run->box, "qemu.log");

	if (shares_failed(&run->shares))
		fail(f, f->code, NULL, "virtiofsd failed, see %s/virtiofsd.log", run->box->dir);
	else if (hint)
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
	watch->writes = run->plan.n_images ? run->box->lock : -1;
	watch->result = run->options->result;
	r = machine_watch(watch, run->result, f);
	if (r < 0)
		console_note(&watch->console, f->what);
	else if (run->result->reason)
		console_note(&watch->console, run->result->reason);
	cut_log_close(&watch->output);
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
	{ "making the network", step_network, false },
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
	shares_close(&run->shares);
	fence_sockets_close(&run->nets);
	console_close(&run->watch.console);
	qmp_close(&run->watch.qmp);
	cut_log_close(&run->watch.output);
	cut_log_close(&run->watch.share_output);
	results_room_end(&run->watch.results);
	bases_done(run->bases, run->host.n_disks);
	machine_plan_done(&run->plan);
	host_done(&run->host);
	free(run->iso);
	free(run->initrd);
}

/* What of this run is in run/: the next run of this launcher begins as clean as the first. */
static int clean_run_dir(struct run *run, struct failure *f)
{
	static const char *const names[] = { "personality.iso", "initrd-results", "new-disk",
					     "qemu-img.log",	"room",		  BOX_CONSOLE };
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
		.host = *options->host,
		.ours = { -1, -1, -1 },
		.theirs = { -1, -1, -1 },
		.shares = SHARES_NONE,
		.watch = { .console = { .fd = -1, .listener = -1 },
			   .output = CUT_LOG_CLOSED,
			   .share_output = CUT_LOG_CLOSED,
			   .qmp = { .fd = -1 },
			   .writes = -1,
			   .results = { .dir = -1 },
			   .port = -1 },
		.result = ret,
	};
	size_t mark = undo_mark(run.box->undo);
	int r;

	*options->host = (struct host){ 0 };
	fence_sockets_none(&run.nets);
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
		 (ret->status = result_status(options->result_fd)) < 0)
		ret->status = lkp_status(options->result_fd, run.since);
	if (r < 0)
		failure_prefix(f, "%s", run.box->name);
	done(&run);
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/boot/assemble.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/boot/boot.h"
#include "src/rootovl/boot/boot_end.h"
#include "src/rootovl/boot/failed_boots.h"
#include "src/rootovl/boot/own_files_check.h"
#include "src/rootovl/boot/supervise.h"
#include "src/rootovl/lower/guard_leave.h"
#include "src/rootovl/machine/facts_read.h"
#include "src/rootovl/machine/manager.h"
#include "src/rootovl/plan/plan_print.h"
#include "src/rootovl/settings/paths.h"
#include "src/rootovl/steps/copy_payload.h"

#include <errno.h>
#include <fcntl.h>
#include <libmount/libmount.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SILENT_MIN_S 20 /* the server counts as dead only after this time */

/* Holds the failure and the progress of the child, in memory that parent and child share. */
struct told {
	int code; /* 0: the child has reported nothing */
	char step[32], what[8192], hint[2048];
	struct boot_progress progress;
};

/* Holds the arguments of the child. */
struct task {
	struct settings *settings;
	struct report *report;
	struct told *told;
	uint64_t start; /* when the boot began; clock_ms() */
};

static char *lower_name(const struct plan *plan, bool copy)
{
	auto_free char *name = root_source_name(&plan->settings.root);

	return copy ? xasprintf("copy of %s", name) : STEAL(name);
}

/*
 * Reports the mounted lower as the kernel describes it, which may differ from what was requested.
 */
static void report_lower(struct report *report, const struct plan *plan, bool copy)
{
	struct libmnt_table *table = mnt_new_table_from_file("/proc/self/mountinfo");
	auto_free char *name = lower_name(plan, copy);
	struct libmnt_fs *fs =
		table ? mnt_table_find_target(table, RUN_LOWER, MNT_ITER_BACKWARD) : NULL;

	report_set(report, "lower", "what", name);
	if (fs) {
		report_set(report, "lower", "type", mnt_fs_get_fstype(fs));
		report_set(report, "lower", "options", mnt_fs_get_options(fs));
	}
	mnt_unref_table(table);
}

static void note_root(struct boot_progress *progress, const struct root_source *root)
{
	auto_free char *name = root_source_name(root);

	snprintf(progress->root, sizeof(progress->root), "%s", name);
	progress->nfs = root->kind == ROOT_NFS;
	progress->folder =
		progress->nfs || (root->kind == ROOT_CIFS && !root_source_is_image(root));
}

static int carry_out(struct settings *settings, struct report *report, struct plan *plan,
		     struct boot_result *result, struct failure *f)
{
	struct facts facts = { 0 };
	auto_free char *text = NULL;
	size_t len;
	FILE *out;
	uint64_t start = clock_ms();
	bool dhcp = settings->root.kind == ROOT_DHCP;
	int r = facts_read(&facts, settings, false, f);

	if (dhcp)
		report_step(report, "ask DHCP", "root path", start, clock_ms() - start,
			    r < 0 ? "failed" : "done");
	if (r == 0)
		r = plan_build(plan, settings, &facts, f);
	if (r == 0)
		note_root(result->progress, &plan->settings.root);
	if (r == 0) {
		report_set(report, NULL, "kernel", facts.kernel);
		report_set(report, NULL, "way", manager_runs() ? "long" : "short");
		out = open_memstream(&text, &len);
		if (out) {
			plan_print(plan, out);
			fclose(out);
			report_set(report, NULL, "plan", text);
			log_line(LOG_INFO, "the plan:");
			log_text(LOG_INFO, text);
		}
		r = boot_execute(plan, report, result, f);
	}
	if (r == 0)
		report_lower(report, plan, result->copy);
	facts_done(&facts);
	return r;
}

static void say_ready(const struct boot_result *result, const struct plan *plan, uint64_t ms)
{
	auto_free char *lower = lower_name(plan, result->copy);
	auto_free char *units =
		result->units ? strv_join(result->units, ", ") : xstrdup("no unit enabled");

	log_console(LOG_NOTICE, "root ready in %.1f s: %s ro + %s %.1fG, %llu files %.1f MiB, %s",
		    (double)ms / 1000, lower, result->upper,
		    (double)result->upper_bytes / (1 << 30), (unsigned long long)result->files,
		    (double)result->bytes / (1 << 20), units);
}

/*
 * Installs the guards if the lower is on a server, which may die. For an image on a share,
 * statfs(2) sends no request to the server.
 */
static void leave_guards(const struct plan *plan, bool copy)
{
	const struct root_source *root = &plan->settings.root;
	bool folder = root->kind == ROOT_CIFS || root->kind == ROOT_NFS;
	int r = 0;

	if (copy)
		return;
	if ((folder && !root_source_is_image(root)) || root->kind == ROOT_NBD)
		r = guard_leave();
	if (r < 0)
		log_line(LOG_WARNING, "a dead server may hold up the reboot: %s", strerror(-r));
}

/* Reports earlier boots that failed, if the disk is kept after a boot. */
static void tell_of_failed_boots(struct report *report)
{
	auto_close int ours =
		open(RUN_DISK "/" DISK_OURS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (ours >= 0)
		failed_boots_tell(ours, report);
}

static void tell(struct told *told, const char *step, const struct failure *f)
{
	snprintf(told->step, sizeof(told->step), "%s", step ? step : "");
	snprintf(told->what, sizeof(told->what), "%s", f->what ? f->what : "");
	snprintf(told->hint, sizeof(told->hint), "%s", f->hint ? f->hint : "");
	told->code = f->code;
}

/* Warns if a payload has replaced this program: then the documents about it may be wrong. */
static void warn_of_replaced(struct report *report)
{
	auto_close int top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	auto_free char *text = top < 0 ? NULL : own_files_check(top);

	if (!text)
		return;
	log_console(LOG_WARNING, "%s", text);
	report_add(report, "warnings", text);
}

/* Runs in the child of supervise(). Its parent completes the report of a failed boot. */
static int run_child(void *arg)
{
	struct task *task = arg;
	auto_failure struct failure f = { 0 };
	struct boot_result result = { .progress = &task->told->progress };
	struct plan plan = { 0 };
	int r;

	task->report->path = RUN_REPORT;
	file_make_dirs(RUN_DIR);
	warn_of_replaced(task->report);
	r = carry_out(task->settings, task->report, &plan, &result, &f);
	if (r < 0) {
		tell(task->told, result.step, &f);
		boot_save_report(task->report);
	} else {
		uint64_t now = clock_ms();

		tell_of_failed_boots(task->report);
		report_end(task->report, now, NULL);
		boot_save_report(task->report);
		leave_guards(&plan, result.copy);
		say_ready(&result, &plan, now - task->start);
	}
	boot_result_done(&result);
	plan_done(&plan);
	return r < 0 ? 1 : 0;
}

/* Returns the failure that the child reported. Without one, returns a general failure. */
static int take_failure(const struct told *told, struct report *report, struct failure *f)
{
	if (*told->step)
		report_begin(report, told->step);
	if (!told->code || !*told->what)
		return fail(f, EIO, "report this, with the journal",
			    "rootovl itself: it did not say what failed");
	return fail(f, told->code, *told->hint ? told->hint : NULL, "%s", told->what);
}

int assemble_root(struct settings *settings, struct report *report, uint64_t start,
		  struct failure *f)
{
	unsigned silent_s = settings->timeout > SILENT_MIN_S ? settings->timeout : SILENT_MIN_S;
	struct task task = { settings, report, NULL, start };
	int r;

	/* This is checked first: a later failure would remove a root that may be ready. */
	if (copy_payload_was_moved(f)) {
		report_begin(report, plan_step_name(STEP_COPY));
		return -f->code;
	}
	unlink(RUN_REPORT); /* removes the report of the last attempt */
	task.told = mmap(NULL, sizeof(*task.told), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (task.told == MAP_FAILED)
		return fail_errno(f, errno, NULL, "shared memory");
	log_note_console(&task.told->progress.said);
	r = supervise(run_child, &task, silent_s, &task.told->progress, f);
	log_note_console(NULL);
	if (r != 0)
		boot_end_take_report(report);
	if (r > 0)
		r = take_failure(task.told, report, f);
	munmap(task.told, sizeof(*task.told));
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/boot/boot.h"

#include "src/common/clock.h"
#include "src/common/mem.h"
#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/payload/payload.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/plan_print.h"
#include "src/rootovl/steps/check_lower.h"
#include "src/rootovl/steps/copy_payload.h"
#include "src/rootovl/steps/enable_units.h"
#include "src/rootovl/steps/find_copy.h"
#include "src/rootovl/steps/leave_names.h"
#include "src/rootovl/steps/load_modules.h"
#include "src/rootovl/steps/make_fstab_safe.h"
#include "src/rootovl/steps/mount_lower.h"
#include "src/rootovl/steps/mount_root.h"
#include "src/rootovl/steps/mount_upper.h"
#include "src/rootovl/steps/prepare_disks.h"
#include "src/rootovl/steps/set_personality.h"

static const struct step_work {
	int (*run)(struct boot *boot, const struct step *step, struct failure *f);
	void (*undo)(struct boot *boot, const struct step *step);
} work[STEP_KINDS] = {
	[STEP_MODULES] = { step_load_modules, NULL },
	[STEP_MOUNT_LOWER] = { step_mount_lower, undo_mount_lower },
	[STEP_CHECK_LOWER] = { step_check_lower, undo_check_lower },
	[STEP_PREPARE_DISKS] = { step_prepare_disks, NULL },
	[STEP_FIND_COPY] = { step_find_copy, undo_find_copy },
	[STEP_MOUNT_UPPER] = { step_mount_upper, undo_mount_upper },
	[STEP_COPY] = { step_copy_payload, NULL },
	[STEP_ENABLE] = { step_enable_units, NULL },
	[STEP_FSTAB] = { step_make_fstab_safe, NULL },
	[STEP_PERSONALITY] = { step_set_personality, NULL },
	[STEP_NAMES] = { step_leave_names, NULL },
	[STEP_MOUNT_ROOT] = { step_mount_root, NULL },
};

static int run_step(struct boot *boot, const struct step *step, struct failure *f)
{
	auto_free char *object = plan_step_object(boot->plan, step);
	uint64_t start = clock_ms();
	int r;

	report_begin(boot->report, plan_step_name(step->kind));
	r = work[step->kind].run(boot, step, f);
	report_step(boot->report, plan_step_name(step->kind), object, start, clock_ms() - start,
		    r < 0 ? "failed" : "done");
	return r;
}

static void report_copied(struct boot *boot)
{
	const struct payload_stats *copied = boot->copied;

	report_set_number(boot->report, "payload", "files", copied->files);
	report_set_number(boot->report, "payload", "bytes", copied->bytes);
	report_set_number(boot->report, "payload", "others", copied->others);
	report_set_number(boot->report, "payload", "directories", copied->dirs);
	report_set_number(boot->report, "payload", "replaced", copied->replaced);
	report_set_number(boot->report, "payload", "xattrs_skipped", copied->xattrs_skipped);
}

static void release(struct boot *boot)
{
	newroot_close(boot->newroot);
	cache_release(boot);
	if (boot->lower >= 0)
		close(boot->lower);
	if (boot->upper >= 0)
		close(boot->upper);
}

int boot_execute(const struct plan *plan, struct report *report, struct failure *f)
{
	struct payload_stats copied = { 0 };
	struct boot boot = {
		.plan = plan,
		.report = report,
		.deadline = clock_ms() + plan->settings.timeout * 1000ull,
		.lower = -1,
		.upper = -1,
		.nbd = -1,
		.copy = { .dir = -1, .root = -1 },
		.copied = &copied,
	};
	size_t done;
	int r = 0;

	for (done = 0; r == 0 && done < plan->n; done++)
		r = run_step(&boot, &plan->steps[done], f);
	report_copied(&boot);
	if (r < 0) {
		report_set(report, "failure", "step", plan_step_name(plan->steps[done - 1].kind));
		/* The step that failed too: it may have come half-way. */
		while (done-- > 0)
			if (work[plan->steps[done].kind].undo)
				work[plan->steps[done].kind].undo(&boot, &plan->steps[done]);
	}
	release(&boot);
	return r;
}

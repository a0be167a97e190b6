// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/boot/boot.h"

#include "src/common/clock.h"
#include "src/common/mem.h"
#include "src/rootovl/configure/least_clock.h"
#include "src/rootovl/lower/verity_root.h"
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
#include "src/rootovl/steps/set_machine_id.h"
#include "src/rootovl/steps/set_personality.h"

typedef int (*step_work)(struct boot *boot, const struct step *step, struct failure *f);

static const step_work work[STEP_KINDS] = {
	[STEP_MODULES] = step_load_modules,	 [STEP_MOUNT_LOWER] = step_mount_lower,
	[STEP_CHECK_LOWER] = step_check_lower,	 [STEP_PREPARE_DISKS] = step_prepare_disks,
	[STEP_FIND_COPY] = step_find_copy,	 [STEP_MOUNT_UPPER] = step_mount_upper,
	[STEP_COPY] = step_copy_payload,	 [STEP_ENABLE] = step_enable_units,
	[STEP_FSTAB] = step_make_fstab_safe,	 [STEP_PERSONALITY] = step_set_personality,
	[STEP_NAMES] = step_leave_names,	 [STEP_MOUNT_ROOT] = step_mount_root,
	[STEP_MACHINE_ID] = step_set_machine_id,
};

static void note_progress(struct boot_progress *progress, const struct step *step,
			  const char *object, uint64_t start)
{
	if (!progress)
		return;
	progress->tells = step->kind == STEP_MOUNT_LOWER;
	progress->local = step->kind == STEP_MODULES || step->kind == STEP_PREPARE_DISKS ||
			  step->kind == STEP_FIND_COPY || step->kind == STEP_MOUNT_UPPER;
	snprintf(progress->object, sizeof(progress->object), "%s", object ? object : "");
	snprintf(progress->step, sizeof(progress->step), "%s", plan_step_name(step->kind));
	progress->since = start;
}

static int run_step(struct boot *boot, const struct step *step, struct failure *f)
{
	auto_free char *object = plan_step_object(boot->plan, step);
	uint64_t start = clock_ms();
	int r;

	boot->result->step = plan_step_name(step->kind);
	report_begin(boot->report, boot->result->step);
	note_progress(boot->result->progress, step, object, start);
	r = work[step->kind](boot, step, f);
	report_step(boot->report, boot->result->step, object, start, clock_ms() - start,
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
	const int descriptors[] = { boot->lower, boot->upper, boot->disk, boot->copy.dir,
				    boot->copy.root };

	newroot_close(boot->newroot);
	for (size_t i = 0; i < ARRAY_SIZE(descriptors); i++)
		if (descriptors[i] >= 0)
			close(descriptors[i]);
	free(boot->copy.of);
}

int boot_execute(const struct plan *plan, struct report *report, struct boot_result *result,
		 struct failure *f)
{
	struct payload_stats copied = { 0 };
	struct least_clock clock;
	struct boot boot = {
		.plan = plan,
		.report = report,
		.result = result,
		.deadline = clock_ms() + plan->settings.timeout * 1000ull,
		.lower = -1,
		.upper = -1,
		.disk = -1,
		.copy = { .dir = -1, .root = -1 },
		.copied = &copied,
		.clock = &clock,
	};
	int r = 0;

	least_clock_of_image(&clock);
	for (size_t i = 0; r == 0 && i < plan->n; i++)
		r = run_step(&boot, &plan->steps[i], f);
	if (r < 0 && plan->settings.verity)
		verity_root_explain(f);
	report_copied(&boot);
	result->files = copied.files;
	result->bytes = copied.bytes;
	payload_stats_done(&copied);
	release(&boot);
	return r;
}

void boot_result_done(struct boot_result *result)
{
	free(result->upper);
	strv_free(result->units);
}

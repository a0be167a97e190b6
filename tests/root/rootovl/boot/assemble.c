// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Carries out a real plan on directories of this machine, without a server: the lower is a
 * directory that is bound in place of a network mount, or what is mounted on SYSROOT with
 * rootovl.lower=mounted; everything else is as in a boot.
 *
 *   assemble LOWER SOURCE SYSROOT CMDLINE [MODULE…]
 *
 * CMDLINE is what follows root= on a kernel command line. MODULE: further modules to load. Prints
 * "ready" or "failed: STEP: TEXT", then the report. Mounts below /run/rootovl: run it in a mount
 * namespace of its own, with a /run of its own.
 */
#include "src/common/clock.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/boot/boot.h"
#include "src/rootovl/boot/undo.h"
#include "src/rootovl/machine/facts_read.h"

#include <string.h>
#include <sys/mount.h>

/* Turns the plan for a server into one for the directory `lower`. */
static void make_local(struct plan *plan, const char *lower, const char *sysroot, char **modules)
{
	for (size_t i = 0; i < plan->n; i++) {
		struct step *step = &plan->steps[i];

		if (step->kind == STEP_MODULES) {
			strv_free(step->modules);
			step->modules = NULL;
			strv_add(&step->modules, xstrdup("overlay"));
			for (; *modules; modules++)
				strv_add(&step->modules, xstrdup(*modules));
		}
		if (step->kind == STEP_MOUNT_LOWER && step->lower.source->kind == ROOT_MOUNTED) {
			set_text(&step->lower.what, xstrdup(sysroot));
		} else if (step->kind == STEP_MOUNT_LOWER) {
			step->lower.fstype = "none";
			step->lower.flags = MS_BIND;
			step->lower.port = 0;
			set_text(&step->lower.what, xstrdup(lower));
			*step->lower.options = '\0';
		}
		if (step->kind == STEP_MOUNT_ROOT)
			step->root.at = sysroot;
	}
}

static int assemble(char **argv, struct report *report, struct failure *f)
{
	auto_free char *line = xasprintf("rootovl root=nfs:none:/none:vers=3 %s", argv[4]);
	struct cmdline cmdline = { 0 };
	struct settings settings = { 0 };
	struct facts facts = { 0 };
	struct boot_result result = { 0 };
	struct plan plan = { 0 };
	int r;

	cmdline_add(&cmdline, line);
	r = settings_read(&settings, &cmdline, f);
	if (r == 0)
		r = facts_read(&facts, &settings, false, f);
	if (r == 0)
		r = plan_build(&plan, &settings, &facts, f);
	if (r == 0) {
		make_local(&plan, argv[1], argv[3], argv + 5);
		plan.source = argv[2];
		r = boot_execute(&plan, report, &result, f);
	}
	if (r < 0)
		undo_boot();
	boot_result_done(&result);
	plan_done(&plan);
	settings_done(&settings);
	facts_done(&facts);
	cmdline_done(&cmdline);
	return r;
}

int main(int argc, char **argv)
{
	auto_failure struct failure f = { 0 };
	struct report *report = report_new(clock_ms());
	int r;

	if (argc < 5)
		return fputs("usage: assemble LOWER SOURCE SYSROOT CMDLINE [MODULE…]\n", stderr), 2;
	r = assemble(argv, report, &f);
	report_end(report, clock_ms(), r < 0 ? &f : NULL);
	if (r < 0) {
		auto_free char *text = log_failure_text(&f);
		const json_t *failure = json_object_get(report->json, "failure");

		printf("failed: %s: %s\n", json_string_value(json_object_get(failure, "step")),
		       text);
	} else {
		puts("ready");
	}
	json_dumpf(report->json, stdout, JSON_INDENT(2));
	putchar('\n');
	report_free(report);
	return r < 0 ? 1 : 0;
}

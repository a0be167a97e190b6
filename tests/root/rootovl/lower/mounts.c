// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mounts lowers, one after the other, as a boot does, and says what became of each:
 *
 *   mounts <LINES
 *
 * A line is a name, and words of a kernel command line with root=. Prints "NAME=good",
 * "NAME=failed: TEXT" for one that could not be mounted, or "NAME=refused: TEXT" for one that was,
 * and cannot be a root. Modules that cannot be loaded are passed over. Mounts below /run/rootovl:
 * run it in an initramfs, or in a mount namespace of its own with a /run of its own.
 */
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/boot/boot.h"
#include "src/rootovl/boot/undo.h"
#include "src/rootovl/machine/facts_read.h"
#include "src/rootovl/plan/plan_print.h"

#include <string.h>

/* Carries out what comes up to the mount of the lower, modules by themselves: they may lack. */
static int mount_lower(struct plan *plan, struct report *report, bool *mounted, struct failure *f)
{
	struct plan part = *plan;
	int r = 0;

	for (size_t i = 0; r == 0 && i < plan->n; i++) {
		struct boot_result result = { 0 };
		auto_failure struct failure unsaid = { 0 };

		part.steps = plan->steps + i;
		part.n = 1;
		if (part.steps->kind == STEP_MODULES)
			boot_execute(&part, report, &result, &unsaid);
		if (part.steps->kind == STEP_MOUNT_LOWER) {
			part.n = 2; /* with "check lower", which comes next */
			r = boot_execute(&part, report, &result, f);
			*mounted = !strcmp(result.step, plan_step_name(STEP_CHECK_LOWER));
		}
		boot_result_done(&result);
	}
	return r;
}

static int try_line(const char *words, bool *mounted, struct failure *f)
{
	auto_free char *line = xasprintf("rootovl %s", words);
	struct report *report = report_new(0);
	struct cmdline cmdline = { 0 };
	struct settings settings = { 0 };
	struct facts facts = { 0 };
	struct plan plan = { 0 };
	int r;

	cmdline_add(&cmdline, line);
	r = settings_read(&settings, &cmdline, f);
	if (r == 0)
		r = facts_read(&facts, &settings, false, f);
	if (r == 0)
		r = plan_build(&plan, &settings, &facts, f);
	if (r == 0)
		r = mount_lower(&plan, report, mounted, f);
	undo_boot();
	plan_done(&plan);
	settings_done(&settings);
	facts_done(&facts);
	cmdline_done(&cmdline);
	report_free(report);
	return r;
}

int main(void)
{
	char line[2048];

	while (fgets(line, sizeof(line), stdin)) {
		auto_failure struct failure f = { 0 };
		auto_free char *text = NULL;
		char *words = strchr(line, ' ');
		bool mounted = false;

		line[strcspn(line, "\n")] = '\0';
		if (!words)
			continue;
		*words++ = '\0';
		if (try_line(words, &mounted, &f) == 0) {
			printf("%s=good\n", line);
		} else {
			text = log_failure_text(&f);
			printf("%s=%s: %s\n", line, mounted ? "refused" : "failed", text);
		}
		fflush(stdout);
	}
	return 0;
}

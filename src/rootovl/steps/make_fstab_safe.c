// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "make fstab safe": nothing that the root mounts by itself may hold up or break the boot.
 * Runs after "copy payload", which may bring another fstab, and whose files no mount may hide.
 * Needs boot->newroot, and the names of the units that "enable units" enabled. Leaves a changed
 * fstab, crypttab and units in the upper, and what was put out of action in the report.
 */
#include "src/rootovl/steps/make_fstab_safe.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/configure/mounts.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/report/report.h"

#define NAMES_SHOWN 6

/* Reports the missing disks in one line on the console. */
static void say(char *const *missed)
{
	auto_strv char **names = NULL;
	auto_free char *list = NULL;
	size_t n = strv_len(missed);

	for (size_t i = 0; i < n && i < NAMES_SHOWN; i++)
		strv_add(&names, xstrdup(missed[i]));
	if (n > NAMES_SHOWN)
		strv_add(&names, xasprintf("%zu more", n - NAMES_SHOWN));
	list = strv_join(names, ", ");
	log_console(LOG_NOTICE,
		    "put out of action: %s (rootovl report says why; rootovl.fstab=keep "
		    "keeps them)",
		    list);
}

int step_make_fstab_safe(struct boot *boot, const struct step *step, struct failure *f)
{
	struct mounts_out out;
	int r = mounts_make_safe(boot->newroot, boot->result->units,
				 boot->plan->settings.persist != NULL, &out, f);

	(void)step;
	for (char **text = out.told; text && *text; text++)
		report_add(boot->report, "disabled", *text);
	if (r == 0 && out.missed)
		say(out.missed);
	mounts_out_done(&out);
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "make fstab safe": no line of the root's fstab may hold up or break the boot.
 * Runs after "copy payload", which may bring another fstab. Needs boot->newroot. Leaves a changed
 * fstab in the upper.
 */
#include "src/rootovl/steps/make_fstab_safe.h"

#include "src/rootovl/configure/fstab.h"

int step_make_fstab_safe(struct boot *boot, const struct step *step, struct failure *f)
{
	(void)step;
	return fstab_make_safe(boot->newroot, f);
}

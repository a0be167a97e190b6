// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "set machine id": no boot is the first boot of its root.
 * Runs after "copy payload", which may bring an id. Needs boot->newroot and boot->local. Leaves
 * /etc/machine-id in the upper where the root has no id, and says so in the report.
 */
#include "src/rootovl/steps/set_machine_id.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/machine_id.h"
#include "src/rootovl/machine/identity.h"
#include "src/rootovl/report/report.h"

int step_set_machine_id(struct boot *boot, const struct step *step, struct failure *f)
{
	auto_free char *identity = identity_read(boot->local), *text = NULL;
	const char *why;
	int r = machine_id_set(boot->newroot, identity, &why, f);

	(void)step;
	if (r < 0 || !why)
		return r;
	text = xasprintf("%s: %s", why,
			 identity ? "one was made of this machine's firmware and network card"
				  : "one was made by chance");
	report_set(boot->report, NULL, "machine_id", text);
	return 0;
}

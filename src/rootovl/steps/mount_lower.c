// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "mount lower": the root of the server, or its copy on the disk, read-only on RUN_LOWER.
 * Runs after "find copy", where there is one, and "load modules". Needs the network, for which it
 * waits until boot->deadline. Leaves the mount, boot->lower open on it, boot->local, and in /run
 * what the booted system needs to keep an NBD device and to make the copy.
 */
#include "src/rootovl/steps/mount_lower.h"

#include "src/common/clock.h"
#include "src/common/mem.h"
#include "src/rootovl/lower/lower.h"
#include "src/rootovl/machine/unmount.h"
#include "src/rootovl/steps/find_copy.h"

#include <unistd.h>

int step_mount_lower(struct boot *boot, const struct step *step, struct failure *f)
{
	const struct step_lower *lower = &step->lower;
	auto_free char *name = root_source_name(lower->source);
	int r;

	boot->deadline = clock_ms() + boot->plan->settings.timeout * 1000ull;
	r = cache_take_lower(boot, step, f);
	if (r == 0) {
		r = lower_mount(boot, lower, name, f);
		if (r == 0)
			r = cache_take_lower(boot, step, f);
	}
	/* It may have been taken away for a copy that then was of no use. */
	if (r == 0 && boot->lower < 0)
		r = lower_mount(boot, lower, name, f);
	if (r > 0)
		r = lower_open(boot, lower, name, f);
	if (r == 0)
		cache_leave(boot);
	return r;
}

void undo_mount_lower(struct boot *boot, const struct step *step)
{
	if (boot->lower >= 0)
		close(steal_fd(&boot->lower));
	if (boot->lower_mounted)
		unmount_quickly(step->lower.at);
	boot->lower_mounted = false;
	lower_drop_nbd(boot);
	if (step->lower.source->kind == ROOT_LIVE)
		lower_drop_live();
	rmdir(step->lower.at);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "prepare disks": the volume of the upper on the disks of rootfs_disk=.
 * Runs before anything mounts that volume. Needs all of the disks, for which it waits until
 * boot->deadline. Leaves the volume, also after a failed boot: it is on the disks.
 */
#include "src/rootovl/steps/prepare_disks.h"

#include "src/common/mem.h"
#include "src/rootovl/disk/disks.h"
#include "src/rootovl/machine/device.h"

int step_prepare_disks(struct boot *boot, const struct step *step, struct failure *f)
{
	auto_strv char **devices = NULL;
	int r = 0;

	for (char *const *spec = step->disks.devices; r == 0 && *spec; spec++) {
		char *device = NULL;

		r = device_find(*spec, boot->deadline, &device, f);
		if (r == 0)
			strv_add(&devices, device);
	}
	return r < 0 ? r : disks_prepare(devices, &step->disks.wish, f);
}

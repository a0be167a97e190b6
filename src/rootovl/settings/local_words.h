/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of Compass-CI's os_mount=local, by which its initramfs copies the root from NFS to a
 * volume of the machine's disks, and boots a snapshot of it: what they are here. Pure.
 */
#pragma once

#include "src/rootovl/settings/params.h"

/*
 * Gives the settings what they say, where our own parameters do not. What has no equal here, or has
 * no disk, is a failure that says what to write.
 */
int local_words_settle(struct reading *reading, struct failure *f);

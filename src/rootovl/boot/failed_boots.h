/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is remembered of boots that failed: their reports, on the disk of the upper, where the boot
 * has one, in "rootovl/failed/NUMBER.json". The number counts from the last good boot on.
 */
#pragma once

#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/settings.h"

/* How many reports are kept, the newest. */
#define FAILED_BOOTS_KEPT 10

/*
 * Keeps the report of this boot, which failed, on the disk of `settings`, which is mounted for it
 * and must be there already. Gives how many boots have failed in a row with this one, or 0: there
 * is no such disk, or it cannot be used.
 */
unsigned failed_boots_keep(const struct settings *settings, const struct report *report);

/*
 * Tells in the report of a good boot of those before it that failed ("before": "failed", "last"),
 * and begins to count anew; their reports stay in "rootovl/failed-before" until the next that fail.
 * `ours` is the directory "rootovl" on the mounted disk.
 */
void failed_boots_tell(int ours, struct report *report);

/*
 * For how many seconds a machine waits before it reboots to try again, so that many machines do
 * not come back to a server that is down all the time, and all at once. `failed`: boots in a row;
 * the wait doubles from 10 seconds to 10 minutes, and up to half of it more is by chance. 0: nobody
 * knows; 10 to 40 seconds then. `chance` is a random number.
 */
unsigned failed_boots_delay_s(unsigned failed, unsigned chance);

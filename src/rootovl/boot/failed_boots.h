/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps the reports of failed boots on the disk of the upper, if the boot has one, as
 * "rootovl/failed/NUMBER.json". The number counts from the last successful boot.
 */
#pragma once

#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/settings.h"

/* How many of the newest reports are kept. */
#define FAILED_BOOTS_KEPT 10

/*
 * Stores the report of this failed boot on the disk of `settings`, which must exist and is mounted
 * for that. Returns how many boots in a row have failed, with this one; 0 if there is no such disk,
 * or if it cannot be used.
 */
unsigned failed_boots_keep(const struct settings *settings, const struct report *report);

/*
 * Adds the failed boots before a successful one to its report ("before": "failed", "last"), and
 * resets the count. Their reports stay in "rootovl/failed-before" until the next failure. `ours` is
 * the directory "rootovl" on the mounted disk.
 */
void failed_boots_tell(int ours, struct report *report);

/*
 * Returns how many seconds a machine waits before it reboots to try again. So many machines do not
 * load a failed server all at once. `failed` is the number of failed boots in a row. The wait
 * doubles from 10 seconds to 10 minutes, plus a random part of up to half of it. With 0, an unknown
 * number, it is 10 to 40 seconds. `chance` is a random number.
 */
unsigned failed_boots_delay_s(unsigned failed, unsigned chance);

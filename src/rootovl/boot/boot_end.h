/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a boot that failed ends. */
#pragma once

#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/settings.h"

/*
 * Ends the report with the failure and keeps it, in /run and on the upper's disk if there is one,
 * says the one line, and does what rootovl.onfail= asks for: it returns with `shell` alone. A
 * reboot is waited for (failed_boots_delay_s()); no signal but SIGKILL ends that.
 */
void boot_end_failed(const struct settings *settings, enum onfail onfail, struct report *report,
		     const struct failure *f);

/*
 * Makes the report that of RUN_REPORT, which a process that has ended wrote; leaves it as it is
 * where that cannot be read.
 */
void boot_end_take_report(struct report *report);

/* Writes the report to /run. */
void boot_save_report(const struct report *report);

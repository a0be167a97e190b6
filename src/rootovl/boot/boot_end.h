/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ends a failed boot. */
#pragma once

#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/settings.h"

/*
 * Completes the report with the failure, and writes it to /run and to the upper's disk if there is
 * one. Logs the failure and does what rootovl.onfail= says. Returns only for `shell`. Waits before
 * a reboot (failed_boots_delay_s()); only SIGKILL ends that wait.
 */
void boot_end_failed(const struct settings *settings, enum onfail onfail, struct report *report,
		     const struct failure *f);

/*
 * Replaces the report by the one in RUN_REPORT, which a process that has ended wrote. Does nothing
 * if that cannot be read.
 */
void boot_end_take_report(struct report *report);

/* Writes the report to /run. */
void boot_save_report(const struct report *report);

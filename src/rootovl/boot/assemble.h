/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assembles the root in a child process, from the settings to the final message. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/settings.h"

#include <stdint.h>

/*
 * Plans and executes a boot in a child process. The child also writes the report and the guards to
 * /run, and logs what the root is. The plan takes over the child's copy of the settings; those of
 * the caller are unchanged. `start` is when the boot began, as in the report (clock_ms()). Returns
 * 0, or -errno with *f after the child has ended and undo_boot() has run. The report then has
 * everything from the child, except the end.
 */
int assemble_root(struct settings *settings, struct report *report, uint64_t start,
		  struct failure *f);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assembling the root in a process of its own, from the settings to the word that it is ready. */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/settings.h"

#include <stdint.h>

/*
 * Plans and carries out a boot in a child, which also leaves the report in /run, the guards, and
 * the line that says what the root is. The plan takes the child's settings; the caller's stay.
 * `start`: when the boot began, as the report has it (clock_ms()). Returns 0, or -errno with *f
 * once the child has ended and undo_boot() has run; the report has then all that the child noted,
 * but for its end.
 */
int assemble_root(struct settings *settings, struct report *report, uint64_t start,
		  struct failure *f);

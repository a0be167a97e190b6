/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes units and files to /run for systemd and the booted system. Each function returns 0 or
 * -errno.
 */
#pragma once

#include "src/common/failure.h"

#define LEAVE_UNITS "/run/systemd/system"

/*
 * Copies rootovl-report, the static program of the booted system, to RUN_PROGRAM. Does nothing if
 * it is there. Renames the complete copy, so a part of it is never executed.
 */
int leave_program(void);

/* Creates the directory and writes the file dir/name, mode 0644. */
int leave_file(const char *dir, const char *name, const char *text);

/* Writes a file as leave_file() does, and records a failure that names the file. */
int leave_text(const char *dir, const char *name, const char *text, struct failure *f);

/*
 * Writes a unit to LEAVE_UNITS, and makes `target` of the booted system want it. leave_wanted()
 * only adds the want: `name` is then an instance of an existing template.
 */
int leave_unit(const char *target, const char *name, const char *text);
int leave_wanted(const char *target, const char *unit, const char *name);
void leave_no_unit(const char *target, const char *name);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leaving things in /run for systemd, and for the booted system. Each gives 0 or -errno. */
#pragma once

#include "src/common/failure.h"

#define LEAVE_UNITS "/run/systemd/system"

/* Copies the static program of the booted system, rootovl-report, to RUN_PROGRAM, once and whole.
 */
int leave_program(void);

/* Writes dir/name (0644), and makes the directory. */
int leave_file(const char *dir, const char *name, const char *text);

/* The same; a failure names the file. */
int leave_text(const char *dir, const char *name, const char *text, struct failure *f);

/*
 * Leaves a unit in LEAVE_UNITS that `target` of the booted system wants. leave_wanted() alone is
 * for an instance, `name`, of a template that is there.
 */
int leave_unit(const char *target, const char *name, const char *text);
int leave_wanted(const char *target, const char *unit, const char *name);
void leave_no_unit(const char *target, const char *name);

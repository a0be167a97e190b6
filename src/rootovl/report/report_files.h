/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report as files: NAME.json, and beside it the text and the picture of it, NAME.txt and
 * NAME.svg, which the static program of the booted root shows: it cannot read JSON.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/report/report.h"

/* Writes the text and the picture alone. Returns 0 or -errno. */
int report_files_show(const struct report *report, int dir, const char *name, unsigned mode,
		      struct failure *f);

/* Writes the three files below the directory `dir`, the JSON first. Returns 0 or -errno. */
int report_files_write(const struct report *report, int dir, const char *name, unsigned mode,
		       struct failure *f);

/* Removes them. */
void report_files_remove(int dir, const char *name);

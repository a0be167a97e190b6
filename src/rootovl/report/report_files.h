/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a report as three files: NAME.json, the text NAME.txt and the picture NAME.svg. The static
 * program of the booted root shows the last two, because it cannot parse JSON.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/report/report.h"

/* Writes only the text and the picture. Returns 0 or -errno. */
int report_files_show(const struct report *report, int dir, const char *name, unsigned mode,
		      struct failure *f);

/* Writes the three files below the directory `dir`, the JSON first. Returns 0 or -errno. */
int report_files_write(const struct report *report, int dir, const char *name, unsigned mode,
		       struct failure *f);

/* Removes the three files. */
void report_files_remove(int dir, const char *name);

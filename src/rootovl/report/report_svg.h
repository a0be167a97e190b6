/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the timeline of a boot report as SVG. */
#pragma once

#include <jansson.h>
#include <stdio.h>

/* Writes the picture of a report (report_load(), or struct report). */
void report_svg(const json_t *report, FILE *out);

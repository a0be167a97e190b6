/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the boot report as text. */
#pragma once

#include <jansson.h>
#include <stdio.h>

/* Writes the report (report_load(), or struct report) as text. */
void report_text(const json_t *report, FILE *out);

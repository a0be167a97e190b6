/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot report, /run/rootovl/report.json: written by `rootovl boot`, shown by `rootovl report`
 * in the initramfs, and in the booted root, whatever its distribution, by the static program that
 * the payload table brings there.
 */
#ifndef ROOTOVL_REPORT_H
#define ROOTOVL_REPORT_H

#include "src/common/command.h"
#include "src/common/failure.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

struct report {
	json_t *json;
	const char *path; /* where the beginning of each step is noted; NULL: nowhere */
};

/* An empty report of a boot that begins `now` ms after the kernel. */
struct report *report_new(uint64_t now);
void report_free(struct report *report);

/* Sets a member of the report; `section` may be NULL. Bytes that are not UTF-8 become '?'. */
void report_set(struct report *report, const char *section, const char *name, const char *value);
void report_set_number(struct report *report, const char *section, const char *name,
		       uint64_t value);
/* Adds to a list of texts, such as "units" or "warnings". */
void report_add(struct report *report, const char *list, const char *value);

/* Notes that a step begins, for who finds the report of a boot that did not come further. */
void report_begin(struct report *report, const char *name);

/* Adds a step with its start and length in ms; `result`: "done" or "failed". */
void report_step(struct report *report, const char *name, const char *object, uint64_t start,
		 uint64_t length, const char *result);

/*
 * How it ended; f is NULL where it ended well. The failure is that of the step that had begun, or
 * of the plan.
 */
void report_end(struct report *report, uint64_t now, const struct failure *f);

int report_save(const struct report *report, const char *path, struct failure *f);

/* Reads a report; refuses what is none. The result is freed by json_decref(). */
int report_load(const char *path, json_t **ret, struct failure *f);

/* Shows a report for people, or as a picture of its timeline (SVG). */
void report_show(const json_t *report, FILE *out);
void report_draw(const json_t *report, FILE *out);

/* `rootovl report [--json] [--svg FILE] [FILE]`. */
extern const struct command command_report;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot report, /run/rootovl/report.json: written by `rootovl boot`, shown by `rootovl report`
 * in the initramfs, and in the booted root, whatever its distribution, by the static program that
 * the payload table brings there (report_files.h).
 */
#pragma once

#include "src/common/failure.h"

#include <jansson.h>
#include <stdint.h>

struct report {
	json_t *json;
	const char *path; /* the file that is written when a step begins, or NULL */
};

/* Returns an empty report of a boot that begins `now` ms after the kernel. */
struct report *report_new(uint64_t now);
void report_free(struct report *report);

/* Sets a member of the report; `section` may be NULL. Bytes that are not UTF-8 become '?'. */
void report_set(struct report *report, const char *section, const char *name, const char *value);
void report_set_number(struct report *report, const char *section, const char *name,
		       uint64_t value);
/* Adds a text to a list, for example "units" or "warnings". */
void report_add(struct report *report, const char *list, const char *value);

/* Records that a step has begun, so that the report of a boot that hangs names the step. */
void report_begin(struct report *report, const char *name);

/* Adds a step with its start and length in ms; `result`: "done" or "failed". */
void report_step(struct report *report, const char *name, const char *object, uint64_t start,
		 uint64_t length, const char *result);

/*
 * Records the end of the boot; `f` is NULL after success. The failure belongs to the step that has
 * begun, or to the plan.
 */
void report_end(struct report *report, uint64_t now, const struct failure *f);

/*
 * Writes the report as JSON below the directory `dir`, by a rename, so that the file is never
 * incomplete.
 */
int report_save(const struct report *report, int dir, const char *path, unsigned mode,
		struct failure *f);

/*
 * Reads a report; -EINVAL for any other file. Control characters in it are written as \xNN. The
 * caller releases the result.
 */
int report_load(const char *path, json_t **ret, struct failure *f);

// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes and reads the boot report. */
#include "src/rootovl/report/report.h"

#include "src/common/files.h"
#include "src/common/json.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define PLAN "plan" /* the only member with several lines */

/*
 * Returns the text without bytes that a terminal, an XML parser or JSON does not accept; see
 * one_line.h.
 */
static char *cleaned(const char *value, bool lines)
{
	auto_strv char **parts = lines ? strv_split(value, "\n") : NULL;

	if (!lines)
		return one_line(xstrdup(value));
	for (char **part = parts; part && *part; part++)
		*part = one_line(*part);
	return strv_join(parts, "\n");
}

/* Returns the text as a JSON string in UTF-8. */
static json_t *text(const char *name, const char *value)
{
	auto_free char *plain = cleaned(value, name && !strcmp(name, PLAN));

	return json_string(plain);
}

static json_t *section_of(struct report *report, const char *section)
{
	json_t *object;

	if (!section)
		return report->json;
	object = json_object_get(report->json, section);
	if (!object) {
		object = json_object();
		json_object_set_new(report->json, section, object);
	}
	return object;
}

static json_t *list_of(struct report *report, const char *name)
{
	json_t *list = json_object_get(report->json, name);

	if (!list) {
		list = json_array();
		json_object_set_new(report->json, name, list);
	}
	return list;
}

struct report *report_new(uint64_t now)
{
	struct report *report = xcalloc(1, sizeof(*report));

	report->json = json_object();
	report_set(report, NULL, "rootovl", ROOTOVL_VERSION);
	report_set(report, NULL, "result", "started");
	report_set_number(report, NULL, "start_ms", now);
	list_of(report, "steps");
	list_of(report, "units");
	list_of(report, "warnings");
	return report;
}

void report_free(struct report *report)
{
	if (report)
		json_decref(report->json);
	free(report);
}

void report_set(struct report *report, const char *section, const char *name, const char *value)
{
	json_object_set_new(section_of(report, section), name, text(section ? NULL : name, value));
}

void report_set_number(struct report *report, const char *section, const char *name, uint64_t value)
{
	json_object_set_new(section_of(report, section), name, json_integer((json_int_t)value));
}

void report_add(struct report *report, const char *list, const char *value)
{
	json_array_append_new(list_of(report, list), text(NULL, value));
}

void report_begin(struct report *report, const char *name)
{
	auto_failure struct failure f = { 0 };

	report_set(report, NULL, "step", name);
	if (report->path)
		(void)report_save(report, AT_FDCWD, report->path, 0644, &f);
}

void report_step(struct report *report, const char *name, const char *object, uint64_t start,
		 uint64_t length, const char *result)
{
	json_t *step = json_object();

	json_object_set_new(step, "step", text(NULL, name));
	json_object_set_new(step, "object", text(NULL, object));
	json_object_set_new(step, "start_ms", json_integer((json_int_t)start));
	json_object_set_new(step, "length_ms", json_integer((json_int_t)length));
	json_object_set_new(step, "result", text(NULL, result));
	json_array_append_new(list_of(report, "steps"), step);
}

void report_end(struct report *report, uint64_t now, const struct failure *f)
{
	json_t *start = json_object_get(report->json, "start_ms");
	const char *step = json_string_value(json_object_get(report->json, "step"));

	if (f && !json_object_get(section_of(report, "failure"), "step"))
		report_set(report, "failure", "step", step ? step : "plan");
	json_object_del(report->json, "step");
	report_set_number(report, NULL, "length_ms", now - (uint64_t)json_integer_value(start));
	report_set(report, NULL, "result", f ? "failed" : "ready");
	if (!f)
		return;
	report_set(report, "failure", "what", f->what ? f->what : "");
	report_set(report, "failure", "hint", f->hint ? f->hint : "");
	report_set_number(report, "failure", "errno", (uint64_t)f->code);
}

int report_save(const struct report *report, int dir, const char *path, unsigned mode,
		struct failure *f)
{
	auto_free char *json = json_dumps(report->json, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	auto_free char *lines = NULL;
	int r;

	if (!json)
		return fail(f, EINVAL, NULL, "%s: the report is no JSON", path);
	lines = xasprintf("%s\n", json);
	r = file_write(dir, path, lines, mode);
	return r < 0 ? fail_errno(f, -r, NULL, "%s", path) : 0;
}

/* Copies JSON with clean names and texts, because the file may not come from rootovl. */
static json_t *copy_cleaned(const char *name, json_t *json)
{
	json_t *copy;

	if (json_is_string(json))
		return text(name, json_string_value(json));
	if (json_is_array(json)) {
		copy = json_array();
		for (size_t i = 0; i < json_array_size(json); i++)
			json_array_append_new(copy, copy_cleaned(NULL, json_array_get(json, i)));
		return copy;
	}
	if (!json_is_object(json))
		return json_copy(json);
	copy = json_object();
	for (void *i = json_object_iter(json); i; i = json_object_iter_next(json, i)) {
		auto_free char *clean = cleaned(json_object_iter_key(i), false);

		json_object_set_new(copy, clean, copy_cleaned(clean, json_object_iter_value(i)));
	}
	return copy;
}

int report_load(const char *path, json_t **ret, struct failure *f)
{
	json_error_t error;
	auto_fclose FILE *file = fopen(path, "re");
	auto_json json_t *json = NULL;

	if (!file)
		return fail_errno(f, errno,
				  errno == ENOENT && !strcmp(path, RUN_REPORT)
					  ? "was this machine booted by rootovl?"
					  : NULL,
				  "%s", path);
	json = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
	if (json && !json_is_string(json_object_get(json, "rootovl")))
		return fail(f, EINVAL, "a report.json is wanted", "%s: not a report of rootovl",
			    path);
	if (!json)
		return fail(f, EINVAL, "a report.json is wanted", "%s:%d: %s", path, error.line,
			    error.text);
	*ret = copy_cleaned(NULL, json);
	return 0;
}

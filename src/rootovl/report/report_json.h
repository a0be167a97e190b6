/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading members of a report. What is absent is empty: the boot may have ended early. */
#pragma once

#include <jansson.h>

/* Returns the text of a member, of a section unless that is NULL; "" if it has none. */
static inline const char *report_json_text(const json_t *json, const char *section,
					   const char *name)
{
	const char *value = json_string_value(
		json_object_get(section ? json_object_get(json, section) : json, name));

	return value ? value : "";
}

/* Returns a member that is a number of milliseconds, in seconds. */
static inline double report_json_seconds(const json_t *json, const char *name)
{
	return (double)json_integer_value(json_object_get(json, name)) / 1000;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads members of a report. A missing member counts as empty, because the boot may have ended
 * early.
 */
#pragma once

#include <jansson.h>

/*
 * Returns the text of a member, in a section unless `section` is NULL; "" if there is no such
 * member.
 */
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

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/plan/job_start.h"

#include "src/common/failure.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"

#include <string.h>

#define BLANKS " \t\r"

/* The program of one ExecStart=, as systemd.service(5) writes it; NULL where it need not be there.
 */
static char *program_of(const char *value)
{
	size_t len;
	char quote;

	value += strspn(value, BLANKS "@:+!|");
	/* Behind "-" it may fail. */
	if (*value == '-')
		return NULL;
	quote = *value == '"' || *value == '\'' ? *value++ : '\0';
	len = quote ? strcspn(value, (char[]){ quote, '\0' }) : strcspn(value, BLANKS);
	/* A name without a path is looked up, and what has specifiers only systemd knows. */
	if (*value != '/' || memchr(value, '%', len) || memchr(value, '$', len) ||
	    memchr(value, '\\', len))
		return NULL;
	return xstrndup(value, len);
}

/* What a line sets ExecStart to, with blanks round the '=' or none; NULL: it sets something else.
 */
static const char *value_of(const char *line)
{
	static const char key[] = "ExecStart";

	if (strncmp(line, key, strlen(key)) != 0)
		return NULL;
	line += strlen(key);
	line += strspn(line, BLANKS);
	return *line == '=' ? line + 1 + strspn(line + 1, BLANKS) : NULL;
}

char **job_start_programs(const char *text)
{
	auto_strv char **lines = strv_split(text, "\n");
	char **programs = NULL;
	bool service = false;

	for (char **at = lines; at && *at; at++) {
		const char *line = *at + strspn(*at, BLANKS), *value = value_of(line);
		char *program;

		if (*line == '[')
			service = strncmp(line, "[Service]", 9) == 0;
		if (!service || !value)
			continue;
		/* An empty one takes those before it back. */
		if (!*value) {
			strv_free(programs);
			programs = NULL;
		}
		program = program_of(value);
		if (program)
			strv_add(&programs, program);
	}
	return programs;
}

char **job_start_dropins(const char *unit)
{
	const char *at = strchr(unit, '@'), *dot = strrchr(unit, '.');
	const char *end = at ? at : dot;
	char **dirs = NULL;

	strv_add(&dirs, xasprintf("%s.d", unit));
	if (at && dot && at < dot)
		strv_add(&dirs, xasprintf("%.*s@%s.d", (int)(at - unit), unit, dot));
	/* Those of a-.service.d hold for a-b.service. */
	for (const char *c = unit; dot && c + 1 < end; c++)
		if (*c == '-')
			strv_add(&dirs, xasprintf("%.*s%s.d", (int)(c + 1 - unit), unit, dot));
	return dirs;
}

char *job_start_no_unit(const char *unit)
{
	return one_line(
		xasprintf("nothing starts the job: neither the payload nor the root has "
			  "%.100s (bring it in /lkp/USER/src/rootfs/addon, or name the unit "
			  "that starts the job by rootovl.enable=)",
			  unit));
}

char *job_start_no_systemd(const char *unit)
{
	return one_line(
		xasprintf("nothing starts the job: %.100s is for systemd, and the root has none "
			  "(have the root's own init start the job)",
			  unit));
}

char *job_start_no_program(const char *unit, const char *program)
{
	return one_line(xasprintf("nothing starts the job: neither the payload nor the root has "
				  "%.200s, the ExecStart= of %.100s (bring the program, or correct "
				  "the unit)",
				  program, unit));
}

const char *job_start_bad_script(const char *begin, size_t len, unsigned mode)
{
	if (len < 2 || memcmp(begin, "#!", 2) != 0)
		return "it does not begin with #!, so the kernel cannot run it (begin it with "
		       "#!/bin/sh)";
	if (!(mode & 0111))
		return "it is not executable (give it mode 755)";
	return NULL;
}

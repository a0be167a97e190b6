// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/script_words.h"

#include "src/common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define BLANKS " \t\r\v\f"

bool script_next_line(struct script_lines *lines)
{
	auto_strv_grown struct strv parts = { 0 };

	free(lines->line);
	lines->line = NULL;
	lines->number = lines->next + 1;
	while (*lines->rest) {
		size_t len = strcspn(lines->rest, "\n"), n = len;
		bool goes_on;

		if (n && lines->rest[n - 1] == '\r')
			n--;
		goes_on = n && lines->rest[n - 1] == '\\';
		strv_push(&parts, xstrndup(lines->rest, n - goes_on));
		lines->rest += len + (lines->rest[len] == '\n');
		lines->next++;
		if (!goes_on)
			break;
	}
	if (!parts.n)
		return false;
	lines->line = strv_join(parts.list, "");
	return true;
}

void script_lines_done(struct script_lines *lines)
{
	free(lines->line);
	lines->line = NULL;
}

int script_check_magic(const char *text, struct failure *f)
{
	static const char *const marks[] = { "\xef\xbb\xbf", "\xff\xfe", "\xfe\xff" };

	if ((!strncmp(text, "#!ipxe", 6) || !strncmp(text, "#!gpxe", 6)) &&
	    isspace((unsigned char)text[6]))
		return 0;
	if (!*text)
		return fail(f, EBADMSG, NULL, "the script is empty");
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (!strncmp(text, marks[i], strlen(marks[i])))
			return fail(
				f, EBADMSG, "save it as UTF-8 without one",
				"the script begins with a byte-order mark, and iPXE takes none");
	return fail(f, EBADMSG, "its first line is #!ipxe",
		    "this is no iPXE script: it begins with '%.*s'",
		    (int)strcspn(text, "\r\n") < 40 ? (int)strcspn(text, "\r\n") : 40, text);
}

char **script_words(const char *line)
{
	auto_strv char **all = strv_split(line, BLANKS);
	struct strv words = { 0 };

	for (size_t i = 0; all && all[i] && all[i][0] != '#'; i++)
		strv_push(&words, xstrdup(all[i]));
	return words.list;
}

bool script_says_no_job(char *const *words)
{
	auto_free char *line = strv_join(words, " ");

	return !strcmp(line, NO_JOB_TEXT);
}

bool script_number(const char *text, unsigned *ret)
{
	unsigned long n;
	char *end;

	if (!*text || strlen(text) > 9 || text[strspn(text, "0123456789")] != '\0')
		return false;
	n = strtoul(text, &end, 10);
	*ret = (unsigned)n;
	return true;
}

static bool read_size(const char *text, uint64_t *ret)
{
	static const char units[] = "KMGT";
	size_t digits = strspn(text, "0123456789");
	auto_free char *number = xstrndup(text, digits);
	const char *unit = strchr(units, text[digits] ? toupper((unsigned char)text[digits]) : 'G');
	unsigned n;

	if (!unit || (text[digits] && text[digits + 1]) || !script_number(number, &n) || n == 0)
		return false;
	*ret = (uint64_t)n << (10 * (unit - units + 1));
	return *ret <= SCRIPT_DISK_BYTES_MAX;
}

static int read_count(const char *name, const char *value, unsigned max, unsigned *ret,
		      struct failure *f)
{
	if (!script_number(value, ret) || *ret > max)
		return fail(f, EINVAL, NULL, "%s='%.40s': it takes a number up to %u", name, value,
			    max);
	return 0;
}

int script_wish(const char *line, struct machine_wishes *wishes, struct failure *f)
{
	const char *equals = strchr(line, '=');
	auto_free char *value = NULL, *name = NULL;

	if (strncmp(line, "# ", 2) != 0 || !equals)
		return 0;
	name = xstrndup(line + 2, (size_t)(equals - line) - 2);
	value = xstrndup(equals + 1, strcspn(equals + 1, BLANKS));
	if (!strcmp(name, "nr_disk"))
		return read_count(name, value, SCRIPT_DISKS_MAX, &wishes->nr_disk, f);
	if (!strcmp(name, "nr_nic"))
		return read_count(name, value, SCRIPT_NICS_MAX, &wishes->nr_nic, f);
	if (!strcmp(name, "disk_size") && !read_size(value, &wishes->disk_size))
		return fail(f, EINVAL, "such as 128G; 16T is the most",
			    "disk_size='%.40s': this is no size", value);
	return 0;
}

bool script_is_job_id(const char *text)
{
	size_t len = strlen(text);

	if (!len || len > 128 || text[0] == '.' || text[0] == '-')
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr(".-_", *text))
			return false;
	return true;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/plan/copy_name.h"

#include "src/common/json.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"
#include "src/rootovl/settings/root_mask.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The number that `n` digits are, if it lies between the two. */
static bool is_number(const char *digits, size_t n, unsigned least, unsigned most)
{
	unsigned number = 0;

	for (size_t i = 0; i < n; i++)
		number = number * 10 + (unsigned)(digits[i] - '0');
	return number >= least && number <= most;
}

static bool is_date(const char *year, const char *month, const char *day)
{
	return is_number(year, 4, 1990, 2199) && is_number(month, 2, 1, 12) &&
	       is_number(day, 2, 1, 31);
}

/* 20240501, with a time of two, four or six digits behind it */
static bool is_compact(const char *text, size_t digits)
{
	if ((digits != 8 && digits != 10 && digits != 12 && digits != 14) ||
	    !is_date(text, text + 4, text + 6))
		return false;
	return (digits < 10 || is_number(text + 8, 2, 0, 23)) &&
	       (digits < 12 || is_number(text + 10, 2, 0, 59)) &&
	       (digits < 14 || is_number(text + 12, 2, 0, 60));
}

/* 2024-05-01 */
static bool is_parted(const char *text)
{
	char sign = text[4];

	return sign && strchr("-._", sign) && is_digit(text[5]) && is_digit(text[6]) &&
	       text[7] == sign && is_digit(text[8]) && is_digit(text[9]) && !is_digit(text[10]) &&
	       is_date(text, text + 5, text + 8);
}

static bool has_date(const char *text)
{
	while (*text) {
		size_t digits = 0;

		while (is_digit(text[digits]))
			digits++;
		if (is_compact(text, digits) || (digits == 4 && is_parted(text)))
			return true;
		text += digits ? digits : 1;
	}
	return false;
}

bool copy_is_dated(const struct root_source *source)
{
	const char *path = source->path;

	/* The host of a URL is not the root's name. */
	if (path && source->kind == ROOT_LIVE) {
		path = strstr(path, "://");
		path = path ? strchr(path + 3, '/') : NULL;
	}
	return path && has_date(path);
}

/* Writes bytes that are not ASCII as \xNN in a text that is not UTF-8. Takes the text over. */
static char *as_utf8(char *text)
{
	auto_json json_t *string = json_string(text);
	auto_free char *taken = text;
	char *plain, *end;

	if (string)
		return STEAL(taken);
	end = plain = xcalloc(strlen(text) + 1, 4);
	for (const char *c = text; *c; c++)
		end += sprintf(end, *c & 0x80 ? "\\x%02x" : "%c", (unsigned char)*c);
	return plain;
}

char *copy_key(const struct root_source *source, const char *digest)
{
	auto_free char *name = root_source_name(source);
	auto_free char *options = strv_join(source->options, ",");
	auto_free char *shown = root_mask(options);
	auto_free char *port = source->port ? xasprintf(" port %u", source->port) : xstrdup("");

	return as_utf8(
		one_line(xasprintf("%s%s%s%s%s%s%s%s", name, port, source->user ? " user " : "",
				   source->user ? source->user : "", *shown ? " options " : "",
				   shown, digest ? " sha256 " : "", digest ? digest : "")));
}

/* FNV-1a; the copy's state file has the key itself, so two keys of one name are told apart. */
char *copy_id(const char *key)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 0x100000001b3u;
	return xasprintf("%016" PRIx64, hash);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/values.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/root_parts.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define SECONDS_MAX (24 * 3600)

int value_word(const char *value, const char *const words[], int *ret)
{
	for (int i = 0; words[i]; i++) {
		if (value && !strcmp(value, words[i])) {
			*ret = i;
			return 0;
		}
	}
	return -EINVAL;
}

/* A number with nothing around it, at most `max`. */
static int parse_number(const char *value, uint64_t max, uint64_t *ret)
{
	unsigned long long parsed;

	if (!value || !*value || value[strspn(value, "0123456789")])
		return -EINVAL;
	errno = 0;
	parsed = strtoull(value, NULL, 10);
	if (errno || parsed > max)
		return -ERANGE;
	*ret = parsed;
	return 0;
}

int value_seconds(const char *value, unsigned *ret)
{
	uint64_t seconds;
	int r = parse_number(value, SECONDS_MAX, &seconds);

	if (r == 0)
		*ret = (unsigned)seconds;
	return r;
}

int value_switch(const char *value, bool *ret)
{
	static const char *const no[] = { "no", "0", "off", NULL };
	static const char *const yes[] = { "yes", "1", "on", NULL };
	int which;

	if (!value || value_word(value, yes, &which) == 0)
		*ret = true;
	else if (value_word(value, no, &which) == 0)
		*ret = false;
	else
		return -EINVAL;
	return 0;
}

bool value_is_off(const char *value)
{
	return value && IS_ONE_OF(value, "0", "no", "off", "false");
}

int value_size(const char *value, struct size_limit *ret)
{
	static const char units[] = "kmgt";
	size_t len = value ? strlen(value) : 0;
	auto_free char *digits = len ? xstrndup(value, len - 1) : NULL;
	uint64_t number, factor = 1;
	const char *unit;
	int r;

	if (!len)
		return -EINVAL;
	if (value[len - 1] == '%') {
		r = parse_number(digits, 100, &number);
		if (r == 0)
			*ret = (struct size_limit){ .percent = (unsigned)number };
		return r || number ? r : -EINVAL;
	}
	unit = strchr(units, tolower((unsigned char)value[len - 1]));
	if (unit)
		factor <<= 10 * (unit - units + 1);
	r = parse_number(unit ? digits : value, UINT64_MAX / factor, &number);
	if (r == 0)
		*ret = (struct size_limit){ .bytes = number * factor };
	return r || number ? r : -EINVAL;
}

int value_count(const char *value, uint64_t *ret)
{
	size_t len = value ? strlen(value) : 0;
	auto_free char *digits = len ? xstrndup(value, len - 1) : NULL;
	char last = len ? (char)tolower((unsigned char)value[len - 1]) : '\0';
	uint64_t factor = last == 'k' ? 1024 : last == 'm' ? 1024 * 1024 : 1;
	uint64_t number;
	int r = parse_number(factor > 1 ? digits : value, UINT32_MAX, &number);

	if (r == 0 && number == 0)
		return -EINVAL;
	if (r == 0)
		*ret = number * factor;
	return r;
}

int value_device(const char *value, char **field)
{
	if (!root_parts_is_device(value ? value : ""))
		return -EINVAL;
	set_text(field, xstrdup(value));
	return 0;
}

int value_path(const char *value, char **field)
{
	if (!value || value[0] != '/')
		return -EINVAL;
	set_text(field, xstrdup(value));
	return 0;
}

int value_persist(const char *value, char **name, bool *anew)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t len = value ? strspn(value, letters) : 0;

	if (len == 0 || len > 64 || value[0] == '.' ||
	    (value[len] && strcmp(value + len, ",new") != 0))
		return -EINVAL;
	set_text(name, xstrndup(value, len));
	*anew = value[len] != '\0';
	return 0;
}

int value_sha256(const char *value, char **field)
{
	if (!value || strlen(value) != 64 || strspn(value, "0123456789abcdefABCDEF") != 64)
		return -EINVAL;
	set_text(field, xstrdup(value));
	for (char *c = *field; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return 0;
}

int value_list(const char *value, char ***field)
{
	char **list = value ? strv_split(value, ",") : NULL;

	if (!list)
		return -EINVAL;
	strv_free(*field);
	*field = list;
	return 0;
}

/* "/dev/sda./dev/sdb." with commas in place of the scheduler's dots. Owned. */
static char *with_commas(const char *value)
{
	char *text = xstrdup(value);
	bool joined = strncmp(text, "/dev/disk/", strlen("/dev/disk/")) != 0;
	size_t len = strlen(text);

	for (char *dot = text; (dot = strchr(dot, '.')); dot++)
		if (root_parts_is_device(dot + 1)) {
			*dot = ',';
			joined = true;
		}
	if (joined && len && text[len - 1] == '.')
		text[len - 1] = '\0';
	return text;
}

int value_devices(const char *value, char ***field)
{
	auto_free char *text = value ? with_commas(value) : NULL;
	auto_strv char **list = NULL;
	int r = value_list(text, &list);

	for (char **device = list; device && *device; device++)
		if (!root_parts_is_device(*device))
			return -EINVAL;
	if (r == 0) {
		strv_free(*field);
		*field = STEAL(list);
	}
	return r;
}

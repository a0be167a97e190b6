// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/unit_name.h"

#include "src/common/mem.h"

#include <errno.h>
#include <string.h>

#define NAME_CHARS                                                                                 \
	"abcdefghijklmnopqrstuvwxyz"                                                               \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"                                                               \
	"0123456789:-_.\\@"

/* As systemd has it: UNIT_NAME_MAX. */
#define NAME_LEN_MAX 255

static const char *const types[] = {
	"service", "socket", "device", "mount", "automount", "swap",
	"target",  "path",   "timer",  "slice", "scope",
};

bool unit_name_valid(const char *name)
{
	const char *dot = strrchr(name, '.');
	size_t len = strlen(name);

	if (len > NAME_LEN_MAX || strspn(name, NAME_CHARS) != len || !dot || dot == name ||
	    name[0] == '@')
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (strcmp(dot + 1, types[i]) == 0)
			return true;
	}
	return false;
}

/* The "@" of an instance or a template, or NULL. */
static const char *at_sign(const char *name)
{
	return strchr(name, '@');
}

bool unit_name_is_template(const char *name)
{
	const char *at = at_sign(name);

	return at && at + 1 == strrchr(name, '.');
}

char *unit_name_template(const char *name)
{
	return unit_name_instance(name, "");
}

char *unit_name_instance(const char *name, const char *instance)
{
	const char *at = at_sign(name);

	if (!at)
		return xstrdup(name);
	return xasprintf("%.*s@%s%s", (int)(at - name), name, instance, strrchr(name, '.'));
}

bool unit_name_same_type(const char *a, const char *b)
{
	const char *x = strrchr(a, '.'), *y = strrchr(b, '.');

	return x && y && strcmp(x, y) == 0;
}

/* What one specifier stands for: a part of the name. */
static int specifier(char letter, const char *name, const char **ret, size_t *ret_len)
{
	const char *dot = strrchr(name, '.'), *at = at_sign(name);
	const char *prefix_end = at ? at : dot, *dash;

	*ret = name;
	switch (letter) {
	case '%':
		*ret = "%";
		*ret_len = 1;
		return 0;
	case 'n':
		*ret_len = strlen(name);
		return 0;
	case 'N':
		*ret_len = (size_t)(dot - name);
		return 0;
	case 'p':
		*ret_len = (size_t)(prefix_end - name);
		return 0;
	case 'i':
		*ret = at ? at + 1 : dot;
		*ret_len = (size_t)(dot - *ret);
		return 0;
	case 'j':
		dash = memrchr(name, '-', (size_t)(prefix_end - name));
		*ret = dash ? dash + 1 : name;
		*ret_len = (size_t)(prefix_end - *ret);
		return 0;
	default:
		return -EINVAL;
	}
}

int unit_name_expand(const char *text, const char *name, char **ret)
{
	auto_free char *done = xstrdup("");
	const char *percent;

	for (; (percent = strchr(text, '%')); text = percent + 2) {
		const char *value;
		size_t len;
		int r = specifier(percent[1], name, &value, &len);

		if (r < 0)
			return r;
		set_text(&done, xasprintf("%s%.*s%.*s", done, (int)(percent - text), text, (int)len,
					  value));
	}
	*ret = xasprintf("%s%s", done, text);
	return 0;
}

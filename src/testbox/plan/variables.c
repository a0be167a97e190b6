// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/variables.h"

#include "src/common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Values may hold names again: these end what would never end. */
#define EXPANSIONS_MAX 200
#define LENGTH_MAX     65536

/* No script has these in it: they would be printed. */
#define MARK	 "\x01"
#define MARK_END "\x02"

/* The setting's own name: net0 and netX are the one card that a script can see. */
static const char *bare(const char *name)
{
	if (!strncmp(name, "net0/", 5) || !strncmp(name, "netX/", 5))
		return name + 5;
	return name;
}

static size_t index_of(const struct variables *variables, const char *name)
{
	size_t i = 0;

	while (variables->names && variables->names[i] && strcmp(variables->names[i], name) != 0)
		i++;
	return i;
}

void variables_set(struct variables *variables, const char *name, const char *value)
{
	size_t i = index_of(variables, bare(name));

	if (variables->names && variables->names[i]) {
		set_text(&variables->values[i], xstrdup(value ? value : ""));
		if (value)
			return;
		/* The last one takes its place. */
		size_t last = strv_len(variables->names) - 1;

		free(variables->names[i]);
		free(variables->values[i]);
		variables->names[i] = variables->names[last];
		variables->values[i] = variables->values[last];
		variables->names[last] = NULL;
		variables->values[last] = NULL;
	} else if (value) {
		strv_add(&variables->names, xstrdup(bare(name)));
		strv_add(&variables->values, xstrdup(value));
	}
}

void variables_done(struct variables *variables)
{
	strv_free(variables->names);
	strv_free(variables->values);
	*variables = (struct variables){ 0 };
}

static char *with_separator(const char *mac, const char *separator)
{
	auto_strv char **bytes = strv_split(mac, ":-");

	return strv_join(bytes, separator);
}

void variables_of_machine(struct variables *variables, const char *name, const char *mac)
{
	auto_free char *colons = with_separator(mac, ":");

	variables_set(variables, "hostname", name);
	variables_set(variables, "mac", colons);
	variables_set(variables, "platform", "pcbios");
}

static char *percent_encoded(const char *value)
{
	auto_strv_grown struct strv parts = { 0 };

	for (; *value; value++)
		strv_push(&parts, isalnum((unsigned char)*value) || strchr("-._~", *value)
					  ? xstrndup(value, 1)
					  : xasprintf("%%%02X", (unsigned char)*value));
	return strv_join(parts.list, "");
}

/* A value in the form that a type asks for; NULL: there is no such type of it. */
static char *formatted(const char *name, const char *value, const char *type)
{
	if (!*type || !strcmp(type, "string"))
		return xstrdup(value);
	if (!strcmp(type, "uristring"))
		return percent_encoded(value);
	if (strcmp(name, "mac") != 0)
		return NULL;
	if (!strcmp(type, "hex"))
		return xstrdup(value);
	if (!strcmp(type, "hexhyp"))
		return with_separator(value, "-");
	if (!strcmp(type, "hexraw"))
		return with_separator(value, "");
	return NULL;
}

/* The value of what stands between the braces; *ret is NULL where there is none. */
static int look_up(const struct variables *variables, const char *setting, char **ret,
		   struct failure *f)
{
	const char *name = bare(setting);
	auto_free char *plain = xstrndup(name, strcspn(name, ":"));
	const char *type = name[strlen(plain)] ? name + strlen(plain) + 1 : "";
	size_t i = index_of(variables, plain);

	*ret = NULL;
	if (!variables->names || !variables->names[i])
		return 0;
	*ret = formatted(plain, variables->values[i], type);
	return *ret ? 0 : fail(f, EINVAL, NULL, "${%s}: this type is not known here", setting);
}

/* The innermost ${…} that is closed first; false: there is none. */
static bool innermost(const char *text, const char **start, const char **end)
{
	*start = NULL;
	for (const char *p = text; *p; p++) {
		if (p[0] == '$' && p[1] == '{')
			*start = p;
		if (*start && *p == '}') {
			*end = p;
			return true;
		}
	}
	return false;
}

enum unset {
	UNSET_FAILS,
	UNSET_EMPTY,
	UNSET_MARKED, /* the name is put between MARK and MARK_END */
};

static int expand(const struct variables *variables, const char *text, enum unset unset, char **ret,
		  struct failure *f)
{
	auto_free char *expanded = xstrdup(text);
	const char *start, *end;

	for (int n = 0; innermost(expanded, &start, &end); n++) {
		auto_free char *setting = xstrndup(start + 2, (size_t)(end - start) - 2);
		auto_free char *value = NULL;

		if (look_up(variables, setting, &value, f) < 0)
			return -f->code;
		if (!value && unset == UNSET_FAILS)
			return fail(f, EINVAL, NULL, "${%s} has no value here", setting);
		if (!value)
			value = unset == UNSET_MARKED ? xasprintf(MARK "%s" MARK_END, setting)
						      : xstrdup("");
		set_text(&expanded,
			 xasprintf("%.*s%s%s", (int)(start - expanded), expanded, value, end + 1));
		if (n >= EXPANSIONS_MAX || strlen(expanded) > LENGTH_MAX)
			return fail(f, E2BIG, NULL, "its variables expand without end");
	}
	*ret = STEAL(expanded);
	return 0;
}

int variables_expand(const struct variables *variables, const char *text, bool loose, char **ret,
		     struct failure *f)
{
	return expand(variables, text, loose ? UNSET_EMPTY : UNSET_FAILS, ret, f);
}

int variables_unset_host(const struct variables *variables, const char *text, char **ret_name,
			 struct failure *f)
{
	auto_free char *marked = NULL;
	char *host, *at, *unset;
	int r = expand(variables, text, UNSET_MARKED, &marked, f);

	*ret_name = NULL;
	if (r < 0)
		return r;
	host = strstr(marked, "://");
	if (!host)
		return 0;
	host += 3;
	unset = strstr(host, MARK);
	if (!unset || unset > host + strcspn(host, "/?#"))
		return 0;
	/* A user in front of the host, and a port behind it, may be empty. */
	at = memchr(unset, '@', strcspn(unset, "/?#"));
	if (at)
		unset = strstr(at, MARK);
	host = at ? at + 1 : host;
	if (unset && unset < host + strcspn(host, *host == '[' ? "]" : ":/?#"))
		*ret_name = xstrndup(unset + 1, strcspn(unset + 1, MARK MARK_END));
	return 0;
}

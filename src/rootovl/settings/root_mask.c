// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/root_mask.h"

#include "src/common/mem.h"
#include "src/common/url_query.h"

#include <string.h>

#define LONG_ENOUGH 6 /* bytes of a value that stands nowhere by chance */

/*
 * How much of one option may be seen: what stands behind "pass=" and its like may not, be it an
 * option or in the query of a URL.
 */
static size_t shown_of(const char *option, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool begins = i == 0 || option[i - 1] == '?' || option[i - 1] == '&';
		const char *equals;

		/* pass, password, password2, in any case: the kernel may not know them. */
		if (!begins || strncasecmp(option + i, "pass", 4) != 0)
			continue;
		equals = memchr(option + i, '=', len - i);
		return equals ? (size_t)(equals + 1 - option) : len;
	}
	return len;
}

/* Copies `len` bytes of options to `out`, without the passwords. */
static void mask_options(FILE *out, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *comma = memchr(text, ',', (size_t)(end - text));
		size_t option = (size_t)((comma ? comma : end) - text);
		size_t shown = shown_of(text, option);

		fprintf(out, "%.*s%s%s", (int)shown, text, shown < option ? "***" : "",
			comma ? "," : "");
		text += option + (comma ? 1 : 0);
	}
}

/* What stands from `at` on; nothing of the option that it is in, if that is a password. */
static const char *behind_password(const char *value, const char *at)
{
	size_t len = strcspn(at, ",");
	const char *option = at;

	while (option > value && option[-1] != ',')
		option--;
	len += (size_t)(at - option);
	return shown_of(option, len) < len ? option + len : at;
}

/* The last '@' of all, encoded or not: a password with an unencoded '/' stays hidden too. */
static const char *last_at(const char *text)
{
	const char *at = strrchr(text, '@');

	for (const char *c = text; (c = strstr(c, "%40")); c++)
		if (!at || c > at)
			at = c;
	return at;
}

/* The '?' of a URL of http; NULL: there is none. `scheme` is the "://" in the value, or NULL. */
static const char *query_of(const char *value, const char *scheme)
{
	size_t len = scheme ? (size_t)(scheme - value) : 0;
	bool http = (len >= 4 && !strncasecmp(scheme - 4, "http", 4)) ||
		    (len >= 5 && !strncasecmp(scheme - 5, "https", 5));

	return http ? strchr(scheme, '?') : NULL;
}

char *root_mask(const char *value)
{
	const char *scheme = strstr(value, "://");
	const char *authority = scheme ? scheme + 3 : value;
	const char *colon = strchr(authority, ':'), *at = last_at(authority);
	const char *rest = value, *query = query_of(value, scheme);
	const char *end = query ? query : value + strlen(value);
	auto_free char *fields = query ? url_query_shown(query + 1) : NULL;
	char *masked = NULL;
	size_t len;
	auto_fclose FILE *out = open_memstream(&masked, &len);

	if (!out)
		return xstrdup("***");
	if (at && colon && colon < at && colon < end) {
		mask_options(out, value, (size_t)(colon - value));
		fputs(":***", out);
		rest = behind_password(value, at);
	}
	/* An '@' behind the '?' leaves it open which of both belongs to a password. */
	if (rest <= end) {
		mask_options(out, rest, (size_t)(end - rest));
		fprintf(out, "%s%s", query ? "?" : "", query ? fields : "");
	}
	fclose(STEAL(out));
	return masked ? masked : xstrdup("***");
}

/* The value as it may be printed; NULL if the word has none. Owned. */
static char *shown_value(const struct cmdline_word *word)
{
	bool secret =
		strcasestr(word->name, "pass") || query_of(word->name, strstr(word->name, "://"));

	if (!word->value)
		return NULL;
	return secret ? xstrdup("***") : root_mask(word->value);
}

/* The words with a blank between them; `shown`: as they may be printed. */
static char *joined(const struct cmdline *cmdline, bool shown)
{
	auto_strv char **words = NULL;

	for (size_t i = 0; i < cmdline->n; i++) {
		const struct cmdline_word *word = &cmdline->words[i];
		auto_free char *value = shown	      ? shown_value(word)
					: word->value ? xstrdup(word->value)
						      : NULL;

		strv_add(&words,
			 value ? xasprintf("%s=%s", word->name, value) : xstrdup(word->name));
	}
	return strv_join(words, " ");
}

char *root_mask_words(const struct cmdline *cmdline)
{
	return joined(cmdline, true);
}

/* A line without a password stays as it is, with its quotes. */
char *root_mask_line(const char *line)
{
	auto_free char *masked = NULL, *plain = NULL;
	struct cmdline cmdline = { 0 };

	cmdline_add(&cmdline, line);
	masked = joined(&cmdline, true);
	plain = joined(&cmdline, false);
	cmdline_done(&cmdline);
	return strcmp(masked, plain) != 0 ? STEAL(masked) : xstrdup(line);
}

char **root_mask_secrets(const char *line)
{
	struct cmdline cmdline = { 0 };
	char **secrets = NULL;

	cmdline_add(&cmdline, line);
	for (size_t i = 0; i < cmdline.n; i++) {
		const struct cmdline_word *word = &cmdline.words[i];
		auto_free char *shown = shown_value(word);

		if (!shown || !*word->value || !strcmp(shown, word->value))
			continue;
		if (strlen(word->value) >= LONG_ENOUGH) {
			strv_add(&secrets, xstrdup(word->value));
			strv_add(&secrets, STEAL(shown));
		} else {
			strv_add(&secrets, xasprintf("%s=%s", word->name, word->value));
			strv_add(&secrets, xasprintf("%s=%s", word->name, shown));
		}
	}
	cmdline_done(&cmdline);
	return secrets;
}

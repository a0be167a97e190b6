// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/plan/payload_rules.h"

#include "src/common/mem.h"

#include <errno.h>
#include <string.h>

#define FIELDS_MAX 3
#define RULES_MAX  200 /* of a table: each is compared with each */
#define BLANKS	   " \t\r"

static const char line_form[] = "a line is: tree|missing[:NAME] SOURCE [DESTINATION]";

static void rule_done(struct payload_rule *rule)
{
	free(rule->source);
	free(rule->dest);
	free(rule->unless);
	strv_free(rule->keep);
	strv_free(rule->via);
}

static void rules_cut(struct payload_rules *rules, size_t n)
{
	while (rules->n > n)
		rule_done(&rules->rules[--rules->n]);
}

void payload_rules_done(struct payload_rules *rules)
{
	rules_cut(rules, 0);
	free(rules->rules);
	rules->rules = NULL;
}

bool payload_rules_cover(const char *outer, const char *inner)
{
	size_t len = strlen(outer);

	if (strncmp(inner, outer, len) != 0)
		return false;
	return inner[len] == '\0' || inner[len] == '/' || outer[len - 1] == '/';
}

/* Takes over `source` and `dest`; copies `unless`. */
static void add_rule(struct payload_rules *rules, enum payload_mode mode, const char *unless,
		     char *source, char *dest)
{
	rules->rules = xreallocarray(rules->rules, rules->n + 1, sizeof(*rules->rules));
	rules->rules[rules->n++] = (struct payload_rule){
		.mode = mode,
		.source = source,
		.dest = dest,
		.unless = unless ? xstrdup(unless) : NULL,
	};
}

/* A place in a table, for errors: "payload.conf:3". */
struct where {
	const char *name;
	unsigned int line; /* 0: not a table */
};

static int fail_at(struct failure *f, const struct where *at, const char *what, const char *word)
{
	fail(f, EINVAL, at->line ? line_form : "it is rootovl.copy=SOURCE[:DESTINATION]", "%s: %s",
	     what, word);
	if (at->line)
		failure_prefix(f, "%s:%u", at->name, at->line);
	else
		failure_prefix(f, "%s", at->name);
	return -EINVAL;
}

/* Makes the path clean: no ".", no double slash, none at the end. */
static int clean_path(const char *path, const struct where *at, char **ret, struct failure *f)
{
	auto_free char *clean = xcalloc(strlen(path) + 2, 1);
	char *end = clean;

	if (path[0] != '/')
		return fail_at(f, at, "a path must begin with /", path);
	for (const char *part = path; *part;) {
		size_t len;

		part += strspn(part, "/");
		len = strcspn(part, "/");
		if (len == 2 && strncmp(part, "..", 2) == 0)
			return fail_at(f, at, "a path must not hold ..", path);
		if (len && !(len == 1 && part[0] == '.')) {
			*end++ = '/';
			memcpy(end, part, len);
			end += len;
		}
		part += len;
	}
	if (end == clean)
		*end++ = '/';
	*ret = STEAL(clean);
	return 0;
}

struct word {
	const char *name;
	const char *value;
};

static const struct word *find_word(const struct word *words, const char *name, size_t len)
{
	for (; words->name; words++) {
		if (strlen(words->name) == len && strncmp(words->name, name, len) == 0)
			return words;
	}
	return NULL;
}

/* Puts the values of the words into a path; tells if one has none, so that the rule is left out. */
static int expand(const char *path, const struct word *words, const struct where *at, char **ret,
		  bool *ret_left_out, struct failure *f)
{
	auto_free char *done = xstrdup("");
	const char *open, *close;

	for (; (open = strchr(path, '{')); path = close + 1) {
		const struct word *word;

		close = strchr(open, '}');
		if (!close)
			return fail_at(f, at, "a { without a }", path);
		word = find_word(words, open + 1, (size_t)(close - open - 1));
		if (!word)
			return fail_at(f, at, "only {kernel} and {user} are known", open);
		if (!word->value)
			*ret_left_out = true;
		set_text(&done, xasprintf("%s%.*s%s", done, (int)(open - path), path,
					  word->value ? word->value : "-"));
	}
	*ret = xasprintf("%s%s", done, path);
	return 0;
}

/* One path of a table: its words put in, made clean. */
static int table_path(const char *field, const struct word *words, const struct where *at,
		      char **ret, bool *ret_left_out, struct failure *f)
{
	auto_free char *text = NULL;
	int r = expand(field, words, at, &text, ret_left_out, f);

	return r < 0 ? r : clean_path(text, at, ret, f);
}

/* One component of a path, and no way out of it. */
static bool is_name(const char *text)
{
	return *text && !strchr(text, '/') && strcmp(text, ".") != 0 && strcmp(text, "..") != 0;
}

/* `*ret_unless` is a part of the word, or NULL. */
static int parse_mode(const char *word, enum payload_mode *ret, const char **ret_unless)
{
	static const char missing_unless[] = "missing:";
	const char *name = word + strlen(missing_unless);

	*ret_unless = NULL;
	if (strcmp(word, "tree") == 0) {
		*ret = PAYLOAD_TREE;
		return 0;
	}
	*ret = PAYLOAD_MISSING;
	if (strcmp(word, "missing") == 0)
		return 0;
	if (strncmp(word, missing_unless, strlen(missing_unless)) != 0 || !is_name(name))
		return -EINVAL;
	*ret_unless = name;
	return 0;
}

/* Splits a line into its fields; `line` is changed. Gives their number, FIELDS_MAX + 1 at most. */
static size_t split(char *line, char *fields[FIELDS_MAX + 1])
{
	char *rest = NULL;
	size_t n = 0;

	line[strcspn(line, "#")] = '\0';
	for (char *field = strtok_r(line, BLANKS, &rest); field && n <= FIELDS_MAX;
	     field = strtok_r(NULL, BLANKS, &rest))
		fields[n++] = field;
	return n;
}

static int parse_line(struct payload_rules *rules, char *line, const struct word *words,
		      const struct where *at, struct failure *f)
{
	auto_free char *source = NULL, *dest = NULL;
	char *fields[FIELDS_MAX + 1];
	size_t n = split(line, fields);
	enum payload_mode mode;
	const char *unless;
	bool left_out = false;
	int r;

	if (n == 0)
		return 0;
	if (parse_mode(fields[0], &mode, &unless) < 0)
		return fail_at(f, at, "no such mode", fields[0]);
	if (n < 2)
		return fail_at(f, at, "the source is missing behind", fields[0]);
	if (n > FIELDS_MAX)
		return fail_at(f, at, "too many fields", fields[FIELDS_MAX]);
	if (rules->n >= RULES_MAX)
		return fail_at(f, at, "one rule more than a table may have, which is 200", line);
	r = table_path(fields[1], words, at, &source, &left_out, f);
	if (r == 0)
		r = table_path(n > 2 ? fields[2] : fields[1], words, at, &dest, &left_out, f);
	if (r == 0 && !left_out)
		add_rule(rules, mode, unless, STEAL(source), STEAL(dest));
	return r;
}

/* What a word stands for becomes a part of paths: one component, and no way out of it. */
static int check_words(const struct word *words, struct failure *f)
{
	for (; words->name; words++) {
		const char *v = words->value;

		if (v && !is_name(v))
			return fail(f, EINVAL, "it must be a name without /",
				    "the %s \"%s\" cannot be a part of a path", words->name, v);
	}
	return 0;
}

int payload_rules_parse(struct payload_rules *rules, const char *name, const char *text,
			const struct payload_words *words, struct failure *f)
{
	const struct word table[] = {
		{ "kernel", words->kernel },
		{ "user", words->user },
		{ NULL, NULL },
	};
	struct where at = { .name = name };
	auto_free char *copy = xstrdup(text);
	char *rest = copy, *line;
	size_t before = rules->n;
	int r = check_words(table, f);

	while (r == 0 && (line = strsep(&rest, "\n"))) {
		at.line++;
		r = parse_line(rules, line, table, &at, f);
	}
	if (r < 0)
		rules_cut(rules, before);
	return r;
}

/* Does the booted system mount something of its own there? */
static bool is_hidden(const char *dest)
{
	static const char *const mounts[] = { "/run", "/proc", "/sys", "/dev" };

	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		size_t len = strlen(mounts[i]);

		if (!strncmp(dest, mounts[i], len) && (!dest[len] || dest[len] == '/'))
			return true;
	}
	return false;
}

int payload_rules_add_copy(struct payload_rules *rules, const char *value, struct failure *f)
{
	const struct where at = { .name = "rootovl.copy" };
	auto_free char *copy = xstrdup(value), *source = NULL, *dest = NULL;
	char *to;
	int r;

	to = strchr(copy, ':');
	if (to)
		*to++ = '\0';
	if (to && strchr(to, ':'))
		return fail_at(f, &at, "more than one :", value);
	r = clean_path(copy, &at, &source, f);
	if (r == 0)
		r = clean_path(to ? to : copy, &at, &dest, f);
	if (r < 0)
		return r;
	if (is_hidden(dest))
		return fail(f, EINVAL, "choose another destination",
			    "rootovl.copy=%s: the booted system mounts its own over it", value);
	add_rule(rules, PAYLOAD_TREE, NULL, STEAL(source), STEAL(dest));
	rules->rules[rules->n - 1].asked = true;
	return 0;
}

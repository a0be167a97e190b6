// SPDX-License-Identifier: GPL-2.0-or-later
/* The payload's rules: text to rules, and what of each source may be moved. Pure. */
#include "payload.h"

#include <errno.h>
#include <string.h>

#define FIELDS_MAX 3
#define BLANKS	   " \t\r"

static const char line_form[] = "a line is: tree|missing SOURCE [DESTINATION]";

static void rule_done(struct payload_rule *rule)
{
	free(rule->source);
	free(rule->dest);
	for (char **path = rule->keep; path && *path; path++)
		free(*path);
	free(rule->keep);
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

/* Takes over `source` and `dest`, on failure too. */
static int add_rule(struct payload_rules *rules, enum payload_mode mode, char *source, char *dest)
{
	struct payload_rule rule = { .mode = mode, .source = source, .dest = dest };
	struct payload_rule *more = reallocarray(rules->rules, rules->n + 1, sizeof(*more));

	if (more)
		rules->rules = more;
	if (!more || !source || !dest) {
		rule_done(&rule);
		return -ENOMEM;
	}
	rules->rules[rules->n++] = rule;
	return 0;
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
	auto_free char *clean = malloc(strlen(path) + 2);
	char *end = clean;

	if (!clean)
		return fail_errno(f, ENOMEM, NULL, "payload rule");
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
	*end = '\0';
	*ret = STEAL(clean);
	return 0;
}

struct word {
	const char *name;
	const char *value;
};

static int append(char **text, const char *more, size_t len)
{
	char *longer;

	if (asprintf(&longer, "%s%.*s", *text ? *text : "", (int)len, more) < 0)
		return -ENOMEM;
	free(*text);
	*text = longer;
	return 0;
}

/* Appends what "{name}" at `open` stands for. Gives 1 where it stands for nothing. */
static int append_word(char **text, const char *open, size_t len, const struct word *words)
{
	for (; words->name; words++) {
		if (strlen(words->name) != len - 2 || strncmp(open + 1, words->name, len - 2) != 0)
			continue;
		if (!words->value)
			return 1;
		return append(text, words->value, strlen(words->value));
	}
	return -EINVAL;
}

/* Puts the values of the words into a path. Gives 1 where the rule is to be left out. */
static int expand(const char *path, const struct word *words, const struct where *at, char **ret,
		  struct failure *f)
{
	auto_free char *text = NULL;
	int r = 0;

	while (*path && r == 0) {
		size_t plain = strcspn(path, "{");
		size_t word = path[plain] ? strcspn(path + plain, "}") + 1 : 0;

		if (plain)
			r = append(&text, path, plain);
		if (r == 0 && word > strlen(path + plain))
			return fail_at(f, at, "a { without a }", path);
		if (r == 0 && word)
			r = append_word(&text, path + plain, word, words);
		if (r == -EINVAL)
			return fail_at(f, at, "only {kernel} and {user} are known", path + plain);
		path += plain + word;
	}
	if (r < 0)
		return fail_errno(f, -r, NULL, "payload rule");
	*ret = STEAL(text);
	return r;
}

/* One path of a table: its words put in, made clean. Gives 1 where the rule is to be left out. */
static int table_path(const char *field, const struct word *words, const struct where *at,
		      char **ret, struct failure *f)
{
	auto_free char *text = NULL;
	int r = expand(field, words, at, &text, f);

	return r ? r : clean_path(text, at, ret, f);
}

static int parse_mode(const char *word, enum payload_mode *ret)
{
	if (strcmp(word, "tree") == 0)
		*ret = PAYLOAD_TREE;
	else if (strcmp(word, "missing") == 0)
		*ret = PAYLOAD_MISSING;
	else
		return -EINVAL;
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
	int r;

	if (n == 0)
		return 0;
	if (parse_mode(fields[0], &mode) < 0)
		return fail_at(f, at, "no such mode", fields[0]);
	if (n < 2)
		return fail_at(f, at, "the source is missing behind", fields[0]);
	if (n > FIELDS_MAX)
		return fail_at(f, at, "too many fields", fields[FIELDS_MAX]);
	r = table_path(fields[1], words, at, &source, f);
	if (r == 0)
		r = table_path(n > 2 ? fields[2] : fields[1], words, at, &dest, f);
	if (r)
		return r < 0 ? r : 0;
	r = add_rule(rules, mode, STEAL(source), STEAL(dest));
	return r < 0 ? fail_errno(f, -r, NULL, "payload rule") : 0;
}

/* What a word stands for becomes a part of paths: one component, and no way out of it. */
static int check_words(const struct word *words, struct failure *f)
{
	for (; words->name; words++) {
		const char *v = words->value;

		if (v && (!*v || strchr(v, '/') || strcmp(v, ".") == 0 || strcmp(v, "..") == 0))
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
	auto_free char *copy = strdup(text);
	char *rest = copy, *line;
	size_t before = rules->n;
	int r = copy ? check_words(table, f) : fail_errno(f, ENOMEM, NULL, "%s", name);

	while (r == 0 && (line = strsep(&rest, "\n"))) {
		at.line++;
		r = parse_line(rules, line, table, &at, f);
	}
	if (r < 0)
		rules_cut(rules, before);
	return r;
}

int payload_rules_add_copy(struct payload_rules *rules, const char *value, struct failure *f)
{
	const struct where at = { .name = "rootovl.copy" };
	auto_free char *copy = strdup(value), *source = NULL, *dest = NULL;
	char *to;
	int r;

	if (!copy)
		return fail_errno(f, ENOMEM, NULL, "rootovl.copy");
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
	r = add_rule(rules, PAYLOAD_TREE, STEAL(source), STEAL(dest));
	return r < 0 ? fail_errno(f, -r, NULL, "rootovl.copy") : 0;
}

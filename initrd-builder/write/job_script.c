// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/job_script.h"

#include "src/common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <yaml.h>

#define DEPTH_MAX 100

/* A text that grows, which is what open_memstream(3) gives. */
struct script {
	FILE *out;
	char *text;
	size_t size;
};

/* Where sh is bash the assignment to one of these would end the job: bash(1), Shell Variables. */
static bool is_readonly(const char *name)
{
	static const char *const names[] = { "BASHOPTS", "BASH_VERSINFO", "EUID",
					     "PPID",	 "SHELLOPTS",	  "UID" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

static bool is_variable(const yaml_node_t *key)
{
	const char *name = (const char *)key->data.scalar.value;

	if (key->type != YAML_SCALAR_NODE || isdigit((unsigned char)*name) || !*name ||
	    strlen(name) != key->data.scalar.length)
		return false;
	for (; *name; name++) {
		if (!isascii((unsigned char)*name) ||
		    (!isalnum((unsigned char)*name) && *name != '_'))
			return false;
	}
	return !is_readonly((const char *)key->data.scalar.value);
}

/* https://yaml.org/spec/1.1/, null: only where it is not quoted. */
static bool is_null(const yaml_node_t *node)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
		    strcmp((const char *)node->data.scalar.value, words[i]) == 0)
			return true;
	}
	return false;
}

/* Inside single quotes a shell leaves all alone but these: POSIX, 2.2.2. */
static void put_quoted(FILE *out, const yaml_node_t *node)
{
	const char *value = (const char *)node->data.scalar.value;

	for (; !is_null(node) && *value; value++) {
		if (*value == '\'')
			fputs("'\\''", out);
		else
			fputc(*value, out);
	}
}

static int check_scalar(const yaml_node_t *node, const char *name, struct failure *f)
{
	if (strlen((const char *)node->data.scalar.value) != node->data.scalar.length)
		return fail(f, EINVAL, NULL, "line %zu: %s: a NUL in it", node->start_mark.line + 1,
			    name);
	return 0;
}

/* Gives 1 where all of a list are scalars, 0 for another one. */
static int check_list(yaml_document_t *document, const yaml_node_t *list, const char *name,
		      struct failure *f)
{
	int r = 1;

	for (yaml_node_item_t *i = list->data.sequence.items.start;
	     r == 1 && i < list->data.sequence.items.top; i++) {
		const yaml_node_t *item = yaml_document_get_node(document, *i);

		if (item->type != YAML_SCALAR_NODE)
			return 0;
		r = check_scalar(item, name, f) < 0 ? -EINVAL : 1;
	}
	return r;
}

static int put_list(FILE *out, yaml_document_t *document, const yaml_node_t *list, const char *name,
		    struct failure *f)
{
	int r = check_list(document, list, name, f);

	if (r <= 0)
		return r;
	fprintf(out, "\texport %s='", name);
	for (yaml_node_item_t *i = list->data.sequence.items.start;
	     i < list->data.sequence.items.top; i++) {
		if (i > list->data.sequence.items.start)
			fputc('\n', out);
		put_quoted(out, yaml_document_get_node(document, *i));
	}
	fputs("'\n", out);
	return 0;
}

static int put_pair(FILE *out, yaml_document_t *document, const yaml_node_pair_t *pair,
		    struct failure *f)
{
	const yaml_node_t *key = yaml_document_get_node(document, pair->key);
	const yaml_node_t *value = yaml_document_get_node(document, pair->value);
	const char *name = (const char *)key->data.scalar.value;

	if (key->type != YAML_SCALAR_NODE || !is_variable(key))
		return 0;
	if (value->type == YAML_SEQUENCE_NODE)
		return put_list(out, document, value, name, f);
	if (value->type != YAML_SCALAR_NODE)
		return 0;
	if (check_scalar(value, name, f) < 0)
		return -EINVAL;
	fprintf(out, "\texport %s='", name);
	put_quoted(out, value);
	fputs("'\n", out);
	return 0;
}

static int put_script(FILE *out, yaml_document_t *document, struct failure *f)
{
	const yaml_node_t *root = yaml_document_get_root_node(document);
	int r = 0;

	if (!root || root->type != YAML_MAPPING_NODE)
		return fail(f, EINVAL, NULL,
			    "no job: what stands at its top are no names with "
			    "values");
	fputs("#!/bin/sh\n\nexport_top_env()\n{\n", out);
	for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
	     r == 0 && pair < root->data.mapping.pairs.top; pair++)
		r = put_pair(out, document, pair, f);
	fputs("\n\t[ -n \"$LKP_SRC\" ] ||\n\texport "
	      "LKP_SRC=\"/lkp/${user:-lkp}/src\"\n}\n\n\"$@\"\n",
	      out);
	return r;
}

/* libyaml takes time by the square of the depth, and yaml_parser_load() stack and no signal. */
static int check_depth(const char *yaml, struct failure *f)
{
	yaml_parser_t parser;
	yaml_event_t event;
	unsigned depth = 0;
	bool end = false;

	if (!yaml_parser_initialize(&parser))
		abort(); /* of memory: see common/mem.h */
	yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, strlen(yaml));
	/* What is no YAML is told by who loads it. */
	while (!end && depth <= DEPTH_MAX && yaml_parser_parse(&parser, &event)) {
		depth += event.type == YAML_SEQUENCE_START_EVENT ||
			 event.type == YAML_MAPPING_START_EVENT;
		depth -= event.type == YAML_SEQUENCE_END_EVENT ||
			 event.type == YAML_MAPPING_END_EVENT;
		end = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return depth <= DEPTH_MAX
		       ? 0
		       : fail(f, EINVAL, NULL, "no job: more than %d levels of YAML", DEPTH_MAX);
}

int job_script(const char *yaml, char **ret, struct failure *f)
{
	struct script script = { 0 };
	yaml_document_t document;
	yaml_parser_t parser;
	int r = check_depth(yaml, f);

	if (r < 0)
		return r;
	if (!yaml_parser_initialize(&parser))
		abort();
	yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, strlen(yaml));
	if (!yaml_parser_load(&parser, &document)) {
		r = fail(f, EINVAL, NULL, "line %zu: %s", parser.problem_mark.line + 1,
			 parser.problem ? parser.problem : "no YAML");
		yaml_parser_delete(&parser);
		return r;
	}
	script.out = open_memstream(&script.text, &script.size);
	if (!script.out)
		abort();
	r = put_script(script.out, &document, f);
	fclose(script.out);
	yaml_document_delete(&document);
	yaml_parser_delete(&parser);
	if (r == 0)
		*ret = STEAL(script.text);
	free(script.text);
	return r;
}

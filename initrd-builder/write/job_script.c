// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/job_script.h"

#include "initrd-builder/base/yaml_text.h"
#include "src/common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A text that grows, which is what open_memstream(3) gives. */
struct script {
	FILE *out;
	char *text;
	size_t size;
};

/* Where sh is bash the assignment to one of these would end the job: bash(1), Shell Variables. */
static bool is_readonly(const char *name)
{
	return IS_ONE_OF(name, "BASHOPTS", "BASH_VERSINFO", "EUID", "PPID", "SHELLOPTS", "UID");
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

/* Inside single quotes a shell leaves all alone but these: POSIX, 2.2.2. */
static void put_quoted(FILE *out, const yaml_node_t *node)
{
	const char *value = (const char *)node->data.scalar.value;

	for (; !yaml_text_is_null(node) && *value; value++) {
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

static int put_script(FILE *out, yaml_document_t *document, const char *missing, struct failure *f)
{
	const yaml_node_t *root = yaml_document_get_root_node(document);
	int r = 0;

	if (!root)
		return fail(f, EINVAL, NULL, "no job: the file is empty");
	fputs("#!/bin/sh\n\nexport_top_env()\n{\n", out);
	for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
	     r == 0 && pair < root->data.mapping.pairs.top; pair++)
		r = put_pair(out, document, pair, f);
	fputs("\n\t[ -n \"$LKP_SRC\" ] ||\n\texport "
	      "LKP_SRC=\"/lkp/${user:-lkp}/src\"\n}\n\n",
	      out);
	/* last_state is where run-lkp and the launcher look for a failure. */
	fprintf(out,
		"run_job()\n{\n"
		"\techo 'job.sh: it cannot run the job: it was made without sbin/job2sh of LKP: "
		"%s' >&2\n"
		"\t[ -z \"$TMP_RESULT_ROOT\" ] ||\n"
		"\techo 'test.run_job.exit_code.127: 1' >>\"$TMP_RESULT_ROOT/last_state\"\n"
		"\treturn 127\n}\n\n\"$@\"\n",
		missing);
	return r;
}

int job_script(const char *yaml, const char *missing, char **ret, struct failure *f)
{
	struct script script = { 0 };
	yaml_document_t document;
	int r = yaml_text_load(yaml, YAML_TEXT_SPLIT_HINT, &document, f);

	if (r < 0)
		return r;
	script.out = open_memstream(&script.text, &script.size);
	if (!script.out)
		abort();
	r = put_script(script.out, &document, missing, f);
	fclose(script.out);
	yaml_document_delete(&document);
	if (r == 0)
		*ret = STEAL(script.text);
	free(script.text);
	return r;
}

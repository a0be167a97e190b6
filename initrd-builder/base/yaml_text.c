// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/base/yaml_text.h"

#include "src/common/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 100
#define WORK_MAX  20000000 /* keys looked at, mappings taken: a second */

static int too_deep(struct failure *f)
{
	return fail(f, EINVAL, NULL, "more than %d levels of YAML", DEPTH_MAX);
}

/* libyaml takes time by the square of the depth, and yaml_parser_load() stack and no signal. */
static int check_depth(const char *text, struct failure *f)
{
	yaml_parser_t parser;
	yaml_event_t event;
	unsigned depth = 0;
	bool end = false;

	if (!yaml_parser_initialize(&parser))
		abort(); /* of memory: see mem.h */
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
	/* The loader reports text that is not YAML. */
	while (!end && depth <= DEPTH_MAX && yaml_parser_parse(&parser, &event)) {
		depth += event.type == YAML_SEQUENCE_START_EVENT ||
			 event.type == YAML_MAPPING_START_EVENT;
		depth -= event.type == YAML_SEQUENCE_END_EVENT ||
			 event.type == YAML_MAPPING_END_EVENT;
		end = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return depth <= DEPTH_MAX ? 0 : too_deep(f);
}

const char *yaml_text_scalar(const yaml_node_t *node)
{
	const char *text;

	if (node->type != YAML_SCALAR_NODE)
		return NULL;
	text = (const char *)node->data.scalar.value;
	return strlen(text) == node->data.scalar.length ? text : NULL;
}

bool yaml_text_is_null(const yaml_node_t *node)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };

	for (size_t i = 0; node->type == YAML_SCALAR_NODE && i < ARRAY_SIZE(words); i++) {
		if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
		    !strcmp((const char *)node->data.scalar.value, words[i]))
			return true;
	}
	return false;
}

char *yaml_text_words(yaml_document_t *document, const yaml_node_t *node)
{
	const char *text = node ? yaml_text_scalar(node) : NULL;
	auto_strv char **words = NULL;

	if (!node || node->type != YAML_SEQUENCE_NODE)
		return text && !yaml_text_is_null(node) ? xstrdup(text) : NULL;
	for (const yaml_node_item_t *item = node->data.sequence.items.start;
	     item < node->data.sequence.items.top; item++) {
		text = yaml_text_scalar(yaml_document_get_node(document, *item));
		if (text)
			strv_add(&words, xstrdup(text));
	}
	return words ? strv_join(words, " ") : NULL;
}

const yaml_node_t *yaml_text_find(yaml_document_t *document, const char *key)
{
	const yaml_node_t *root = yaml_document_get_root_node(document), *found = NULL;

	if (!root || root->type != YAML_MAPPING_NODE)
		return NULL;
	/* The last one of a name, as Ruby and the shell have it. */
	for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
	     pair < root->data.mapping.pairs.top; pair++) {
		const char *name = yaml_text_scalar(yaml_document_get_node(document, pair->key));

		if (name && !strcmp(name, key))
			found = yaml_document_get_node(document, pair->value);
	}
	return found;
}

/* Merging of all mappings of a document. */
struct merge {
	yaml_document_t *document;
	const char *hint;
	size_t work;
	struct failure *f;
};

static int wrong(const struct merge *merge, const yaml_node_t *node, const char *what)
{
	return fail(merge->f, EINVAL, merge->hint, "line %zu: %s", node->start_mark.line + 1, what);
}

static bool is_merge_key(const yaml_node_t *key)
{
	return key->type == YAML_SCALAR_NODE && key->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       !strcmp((const char *)key->data.scalar.value, "<<");
}

static bool same_key(const yaml_node_t *a, const yaml_node_t *b)
{
	return a == b ||
	       (a->type == YAML_SCALAR_NODE && b->type == YAML_SCALAR_NODE &&
		a->data.scalar.length == b->data.scalar.length &&
		!memcmp(a->data.scalar.value, b->data.scalar.value, a->data.scalar.length));
}

/* Counts steps of the work; it fails where they are too many. */
static int count(struct merge *merge, const yaml_node_t *node, size_t steps)
{
	if (steps > WORK_MAX - merge->work)
		return wrong(merge, node, "more to merge by << than any file has");
	merge->work += steps;
	return 0;
}

/* Gives 1 if the mapping has the key, 0, or a failure where this takes too long. */
static int has_key(struct merge *merge, int mapping, int key)
{
	const yaml_node_t *node = yaml_document_get_node(merge->document, mapping);
	const yaml_node_t *wanted = yaml_document_get_node(merge->document, key);

	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++) {
		int r = count(merge, node, 1);

		if (r < 0)
			return r;
		if (same_key(yaml_document_get_node(merge->document, pair->key), wanted))
			return 1;
	}
	return 0;
}

/* Puts what the mapping `from` has, and `to` has not, into `to`. */
static int take_mapping(struct merge *merge, int to, int from)
{
	int r = 0;

	/* By index: `to` can be `from`, whose pairs then move. */
	for (size_t i = 0; r >= 0; i++) {
		const yaml_node_t *node = yaml_document_get_node(merge->document, from);
		const yaml_node_pair_t *pair = node->data.mapping.pairs.start + i;

		if (pair >= node->data.mapping.pairs.top)
			break;
		const yaml_node_pair_t copy = *pair;

		r = is_merge_key(yaml_document_get_node(merge->document, copy.key))
			    ? 1
			    : has_key(merge, to, copy.key);
		if (r == 0 &&
		    !yaml_document_append_mapping_pair(merge->document, to, copy.key, copy.value))
			abort();
	}
	return r < 0 ? r : 0;
}

static int merge_mapping(struct merge *merge, int id, unsigned depth);

static int take_value(struct merge *merge, int id, int value, unsigned depth)
{
	const yaml_node_t *node = yaml_document_get_node(merge->document, value);
	int r;

	if (node->type != YAML_MAPPING_NODE)
		return wrong(merge, node, "<<: only a mapping of this file is merged");
	r = count(merge, node, 1);
	if (r == 0)
		r = merge_mapping(merge, value, depth + 1);
	return r < 0 ? r : take_mapping(merge, id, value);
}

/*
 * Removes the first `<<` of a mapping: 1, and *ret is what it names; 0: there is none. It costs as
 * much as the mapping has pairs, which are looked at or moved.
 */
static int take_merge_key(struct merge *merge, int id, int *ret)
{
	yaml_node_t *node = yaml_document_get_node(merge->document, id);
	yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	int r = count(merge, node, (size_t)(node->data.mapping.pairs.top - pair));

	for (; r == 0 && pair < node->data.mapping.pairs.top; pair++) {
		if (!is_merge_key(yaml_document_get_node(merge->document, pair->key)))
			continue;
		*ret = pair->value;
		memmove(pair, pair + 1,
			(size_t)(--node->data.mapping.pairs.top - pair) * sizeof(*pair));
		return 1;
	}
	return r;
}

/* It may be called for a mapping again: the `<<` is taken out before what it names is looked at. */
static int merge_mapping(struct merge *merge, int id, unsigned depth)
{
	int value = 0, r = 0;

	if (depth > DEPTH_MAX)
		return too_deep(merge->f);
	while (r == 0 && (r = take_merge_key(merge, id, &value)) > 0) {
		const yaml_node_t *node = yaml_document_get_node(merge->document, value);

		r = 0;
		if (node->type != YAML_SEQUENCE_NODE) {
			r = take_value(merge, id, value, depth);
			continue;
		}
		for (const yaml_node_item_t *item = node->data.sequence.items.start;
		     r == 0 && item < node->data.sequence.items.top; item++)
			r = take_value(merge, id, *item, depth);
	}
	return r;
}

static int merge_all(yaml_document_t *document, const char *hint, struct failure *f)
{
	struct merge merge = { .document = document, .hint = hint, .f = f };
	const yaml_node_t *node;
	int r = 0;

	for (int id = 1; r == 0 && (node = yaml_document_get_node(document, id)); id++)
		if (node->type == YAML_MAPPING_NODE)
			r = merge_mapping(&merge, id, 0);
	return r;
}

static int no_yaml(const yaml_parser_t *parser, struct failure *f)
{
	return fail(f, EINVAL, NULL, "line %zu: %s", parser->problem_mark.line + 1,
		    parser->problem ? parser->problem : "no YAML");
}

/* Behind the first document there may be empty ones. */
static int check_end(yaml_parser_t *parser, const char *hint, struct failure *f)
{
	bool more = true;
	int r = 0;

	while (r == 0 && more) {
		const yaml_node_t *root;
		yaml_document_t next;

		if (!yaml_parser_load(parser, &next))
			return no_yaml(parser, f);
		root = yaml_document_get_root_node(&next);
		more = root;
		if (root && !yaml_text_is_null(root))
			r = fail(f, EINVAL, hint, "line %zu: a second document begins",
				 next.start_mark.line + 1);
		yaml_document_delete(&next);
	}
	return r;
}

static int check_document(yaml_parser_t *parser, yaml_document_t *document, const char *hint,
			  struct failure *f)
{
	const yaml_node_t *root = yaml_document_get_root_node(document);
	int r = root ? check_end(parser, hint, f) : 0;

	if (r == 0 && root && root->type != YAML_MAPPING_NODE)
		r = fail(f, EINVAL, hint, "line %zu: the file: \"key: value\" is wanted",
			 root->start_mark.line + 1);
	return r < 0 ? r : merge_all(document, hint, f);
}

int yaml_text_load(const char *text, const char *hint, yaml_document_t *ret, struct failure *f)
{
	yaml_parser_t parser;
	int r = check_depth(text, f);

	if (r < 0)
		return r;
	if (!yaml_parser_initialize(&parser))
		abort();
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
	if (yaml_parser_load(&parser, ret)) {
		r = check_document(&parser, ret, hint, f);
		if (r < 0)
			yaml_document_delete(ret);
	} else {
		r = no_yaml(&parser, f);
	}
	yaml_parser_delete(&parser);
	return r;
}

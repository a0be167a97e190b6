// SPDX-License-Identifier: GPL-2.0-or-later
/* One document of YAML: what is merged, what is refused with its line, and what is too much. */
#include "initrd-builder/base/yaml_text.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HINT "split it"

static void has(yaml_document_t *document, const char *key, const char *value)
{
	const yaml_node_t *node = yaml_text_find(document, key);

	if (!value) {
		assert_null(node);
		return;
	}
	assert_non_null(node);
	assert_string_equal(yaml_text_scalar(node), value);
}

static void loads(const char *text, yaml_document_t *ret)
{
	auto_failure struct failure f = { 0 };

	if (yaml_text_load(text, HINT, ret, &f) < 0)
		fail_msg("%s", f.what);
}

static void refused(const char *text, const char *what, const char *hint)
{
	auto_failure struct failure f = { 0 };
	yaml_document_t document;

	assert_int_equal(yaml_text_load(text, HINT, &document, &f), -EINVAL);
	assert_string_equal(f.what, what);
	if (hint)
		assert_string_equal(f.hint, hint);
	else
		assert_null(f.hint);
}

TEST(an_alias_and_a_mapping_are_merged)
{
	yaml_document_t d;

	loads("base: &b {a: 1, b: 2}\nother: &o {b: 3, c: 4}\n<<: *b\nb: own\n", &d);
	has(&d, "a", "1");
	has(&d, "b", "own");
	has(&d, "<<", NULL);
	yaml_document_delete(&d);
	loads("x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\n<<: [*x, *y, {d: 5}]\n", &d);
	has(&d, "b", "2");
	has(&d, "c", "4");
	has(&d, "d", "5");
	yaml_document_delete(&d);
	/* What is merged has a << of its own; a quoted one is a key like others. */
	loads("x: &x {a: 1}\ny: &y {<<: *x, b: 2}\n<<: *y\n'<<': text\n", &d);
	has(&d, "a", "1");
	has(&d, "b", "2");
	has(&d, "<<", "text");
	yaml_document_delete(&d);
}

TEST(a_mapping_that_merges_itself_ends)
{
	yaml_document_t d;

	loads("&a\n<<: *a\nb: 1\n", &d);
	has(&d, "b", "1");
	yaml_document_delete(&d);
	loads("x: &x {k: 1, y: &y {<<: *x, l: 2}, <<: *y}\n<<: *y\n", &d);
	has(&d, "k", "1");
	has(&d, "l", "2");
	yaml_document_delete(&d);
}

TEST(what_is_not_one_mapping_is_refused_with_its_line)
{
	refused("a: 1\n---\nb: 2\n", "line 2: a second document begins", HINT);
	refused("a: 1\n...\n# more\n--- {b: 2}\n", "line 4: a second document begins", HINT);
	refused("# jobs\n- a: 1\n- b: 2\n", "line 2: the file: \"key: value\" is wanted", HINT);
	refused("text\n", "line 1: the file: \"key: value\" is wanted", HINT);
	refused("a: 1\n<<: jobs/x.yaml\n", "line 2: <<: only a mapping of this file is merged",
		HINT);
	refused("a: 1\n<<: [{b: 1}, jobs/x.yaml]\n",
		"line 2: <<: only a mapping of this file is merged", HINT);
	refused("a: 1\nb:\n  <<: x\n", "line 3: <<: only a mapping of this file is merged", HINT);
	refused("a: 1\nb: [\n", "line 3: did not find expected node content", NULL);
}

TEST(an_empty_text_and_empty_documents_behind_are_none)
{
	yaml_document_t d;

	loads("", &d);
	assert_null(yaml_document_get_root_node(&d));
	has(&d, "a", NULL);
	yaml_document_delete(&d);
	loads("---\na: 1\n---\n", &d);
	has(&d, "a", "1");
	yaml_document_delete(&d);
}

TEST(the_last_of_a_name_counts)
{
	yaml_document_t d;

	loads("a: 1\na: 2\n", &d);
	has(&d, "a", "2");
	yaml_document_delete(&d);
}

static void words_are(const char *text, const char *expected)
{
	auto_free char *words = NULL;
	yaml_document_t d;

	loads(text, &d);
	words = yaml_text_words(&d, yaml_text_find(&d, "a"));
	yaml_document_delete(&d);
	if (expected)
		assert_string_equal(words, expected);
	else
		assert_null(words);
}

TEST(words_are_of_a_scalar_or_of_a_list)
{
	words_are("a: b c\n", "b c");
	words_are("a: ''\n", "");
	words_are("a:\n- b\n- {c: d}\n- e\n", "b e");
	words_are("a: []\n", NULL);
	words_are("a: {b: c}\n", NULL);
	words_are("a: ~\n", NULL);
	words_are("b: c\n", NULL);
}

/* A text of `n` times `what`, between others. */
static char *repeated(const char *before, const char *what, int n, const char *after)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	fputs(before, out);
	for (int i = 0; i < n; i++)
		fprintf(out, what, i);
	fputs(after, out);
	fclose(out);
	return text;
}

static void too_much(const char *text)
{
	auto_failure struct failure f = { 0 };
	yaml_document_t document;

	assert_int_equal(yaml_text_load(text, HINT, &document, &f), -EINVAL);
	assert_non_null(strstr(f.what, "more to merge by << than any file has"));
}

/* A text of many mappings that merge one another takes no time without bound. */
TEST(too_much_to_merge_is_refused)
{
	auto_free char *keys = repeated("m: &m\n", "  k%d: 1\n", 10000, "l:\n");
	auto_free char *text = repeated(keys, "- {<<: *m}\n", 1000, "");

	too_much(text);
}

TEST(empty_mappings_to_merge_count_too)
{
	auto_free char *list = repeated("e: &e {}\ns: &s [", "*e ,", 6000, "]\nl:\n");
	auto_free char *lists = repeated(list, "- <<: *s\n", 6000, "");
	auto_free char *one = repeated("m:\n", "  <<: {}\n", 10000, "");

	too_much(lists);
	too_much(one);
}

TEST(depth_is_bounded)
{
	char text[300];

	memset(text, '[', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	refused(text, "more than 100 levels of YAML", NULL);
}

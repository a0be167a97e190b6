/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one reader of YAML: job files and host files. A text is one document; `<<` merges mappings
 * (https://yaml.org/type/merge.html). Who wrote it is not trusted: depth and work are bounded.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <yaml.h>

/* The hint for the file of a job. */
#define YAML_TEXT_SPLIT_HINT "lkp split-job makes job files of it"

/*
 * Loads a text, which ends with NUL, as one document whose top is a mapping, or as an empty one.
 * `hint` says what makes one document of a text that has several, a list at its top, or a file
 * behind `<<`; it may be NULL. The caller releases *ret by yaml_document_delete(). Returns 0 or
 * -EINVAL, and the failure names the line.
 */
int yaml_text_load(const char *text, const char *hint, yaml_document_t *ret, struct failure *f);

/* Returns the text of a node; NULL: the node is a list or a mapping, or has a NUL in it. */
const char *yaml_text_scalar(const yaml_node_t *node);

/* Returns whether the node is a scalar that YAML 1.1 reads as null: "~" without quotes. */
bool yaml_text_is_null(const yaml_node_t *node);

/*
 * Returns the text of a node, or of a list's items with blanks between them; NULL: nothing is said
 * by null, a mapping, an empty list, or no node (NULL). The caller owns it.
 */
char *yaml_text_words(yaml_document_t *document, const yaml_node_t *node);

/* Returns the value of a key at the top of the document; NULL: the document does not have it. */
const yaml_node_t *yaml_text_find(yaml_document_t *document, const char *key);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of the payload: which files of the initramfs go where in the new root. Pure. */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <stddef.h>

enum payload_mode {
	PAYLOAD_TREE,	 /* merge a tree over the root: the payload wins */
	PAYLOAD_MISSING, /* copy only what the root lacks */
};

struct payload_rule {
	enum payload_mode mode;
	char *source; /* absolute, clean (no "." or "..", no double slash), in the initramfs */
	char *dest;   /* the same, in the new root */
	bool move;    /* unlink what was copied; set by payload_settle() */
	bool stays;   /* never moved, whatever payload_settle() finds */
	bool asked;   /* by rootovl.copy=: that its source is not there is a failure */
	char *unless; /* a name below dest: where the root has it nothing is copied; or NULL */
	char **via;   /* the links of the payload that led to it (payload_links.h); or NULL */
	char **keep;  /* paths below source that a later rule needs: copied, not moved; or NULL */
};

struct payload_rules {
	struct payload_rule *rules;
	size_t n;
};

/* What {kernel} and {user} mean in a table; a rule with a value that is NULL is left out. */
struct payload_words {
	const char *kernel; /* uname -r */
	const char *user;   /* user= of the kernel command line */
};

/*
 * Adds the rules of one table to `rules`. A line is `mode source [destination]`, fields separated
 * by blanks, `#` to the line's end a comment; destination is source where it is absent. The mode
 * missing:NAME copies nothing at all where the destination has NAME. `name` is
 * the table's, for errors ("payload.conf:3: …"). On failure `rules` is as it was.
 */
int payload_rules_parse(struct payload_rules *rules, const char *name, const char *text,
			const struct payload_words *words, struct failure *f);

/* Adds the rule of one rootovl.copy=SRC[:DEST]: mode tree. */
int payload_rules_add_copy(struct payload_rules *rules, const char *value, struct failure *f);

/* Is `inner` the path `outer`, or does it lie in it? Both are clean. */
bool payload_rules_cover(const char *outer, const char *inner);

void payload_rules_done(struct payload_rules *rules);

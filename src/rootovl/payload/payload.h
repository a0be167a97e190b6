/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The payload: what further initrds brought into the initramfs and the new root must have.
 * Rules are text -> struct payload_rules (pure); payload_copy() carries them out.
 */
#ifndef ROOTOVL_PAYLOAD_H
#define ROOTOVL_PAYLOAD_H

#include "src/common/failure.h"
#include "src/rootovl/newroot/newroot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum payload_mode {
	PAYLOAD_TREE,	 /* merge a tree over the root: the payload wins */
	PAYLOAD_MISSING, /* copy only what the root lacks */
};

struct payload_rule {
	enum payload_mode mode;
	char *source; /* absolute, clean (no "." or "..", no double slash), in the initramfs */
	char *dest;   /* the same, in the new root */
	bool move;    /* unlink what was copied; set by payload_rules_settle() */
	bool asked;   /* by rootovl.copy=: that its source is not there is a failure */
	char *unless; /* a name below dest: where the root has it nothing is copied; or NULL */
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

/*
 * Decides for each rule whether its source is moved or copied, and what of it is kept: a file that
 * a later rule covers stays until that rule has had it, and what the initramfs itself needs until
 * switch_root (its own /usr/lib, /etc, …) is never moved. Pure; call it once, when all rules are
 * there.
 */
int payload_rules_settle(struct payload_rules *rules, struct failure *f);
void payload_rules_done(struct payload_rules *rules);

struct payload_stats {
	uint64_t files;		 /* regular files copied, hard links among them */
	uint64_t bytes;		 /* their contents */
	uint64_t others;	 /* links, devices, fifos, sockets */
	uint64_t dirs;		 /* directories made or merged */
	uint64_t replaced;	 /* objects of the lower that the payload hides */
	uint64_t xattrs_skipped; /* attributes the upper cannot hold */
};

/*
 * Copies what the rules name from the tree at `source_fd` into the new root; a source that is not
 * there is nothing to do, unless rootovl.copy= asked for it: then it is a failure. Mode, owner,
 * times, extended attributes, hard links, symbolic links, devices and sparse files are kept.
 * Sources are resolved inside source_fd, and what is mounted there is not the payload. With `move`,
 * each file is gone from the source as soon as it is copied, and a large one is given back piece by
 * piece, so that the peak of memory is the payload and a few MB.
 *
 * Links of the root on the way to a destination are followed inside the root; a payload directory
 * that meets a link to nothing, to itself or to a non-directory, replaces it. A payload file or
 * link replaces a file, a link or an empty directory; one that meets a directory with something in
 * it is refused (-EISDIR), for it would hide a part of the root. A directory that the lower has
 * keeps owner, mode, times and attributes; every other one gets the payload's, the last rule's if
 * several bring it. With PAYLOAD_MISSING nothing is replaced. A path of more than PATH_MAX bytes,
 * and a device that means a whiteout to the overlay, are refused.
 *
 * `stats` is added to, and is right after a failure too.
 */
int payload_copy(int source_fd, struct newroot *nr, const struct payload_rules *rules,
		 struct payload_stats *stats, struct failure *f);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links of the payload that meet a directory of the root. Such a link is followed: the directory of
 * the payload behind it is merged into the root's, by a rule of its own. Pure: the boot looks at
 * the initramfs and the new root, `initrd-builder verify` at archives and a directory.
 */
#pragma once

#include "src/rootovl/plan/payload_rules.h"

enum payload_type {
	PAYLOAD_NOTHING,
	PAYLOAD_DIR,
	PAYLOAD_LINK,
	PAYLOAD_OTHER,
};

/* Is told one link, and what it says. Returns 0 to go on, or -errno. */
typedef int payload_links_each(void *arg, const char *link, const char *target);

/* What has to be known of both sides. Each returns 0 or -errno. */
struct payload_sides {
	void *arg;
	/*
	 * What the payload has at a clean path. No link in it is followed: behind one is nothing.
	 * Of a link it gives the target as well, which the caller frees.
	 */
	int (*look)(void *arg, const char *source, enum payload_type *ret, char **ret_target);
	/* Calls `each` for every link at `source` and below it. */
	int (*links)(void *arg, const char *source, payload_links_each *each, void *each_arg);
	/* Has the root a directory at this path? Links on the way are followed, the last is not. */
	int (*has_dir)(void *arg, const char *dest, bool *ret);
};

/* So many links are followed. */
#define PAYLOAD_LINKS_MAX 256

/*
 * Adds a rule behind each rule whose source has a link that leads to a directory of the payload,
 * over a directory that the root, or a rule before, brings. The payload is what the rules name. A
 * target is followed as in the initramfs, or else as in the new root. A link to a directory that it
 * lies in is left alone, and so is one that leads nowhere or elsewhere. The sources of `rules` have
 * no links on the way. More than PAYLOAD_LINKS_MAX are a failure.
 */
int payload_links_expand(struct payload_rules *rules, const struct payload_sides *sides,
			 struct failure *f);

/* Where the object `source` of the rule goes; owned by the caller. */
char *payload_links_dest(const struct payload_rule *rule, const char *source);

/* Where the rule takes `dest` from; NULL: from nowhere. Owned by the caller. */
char *payload_links_source(const struct payload_rule *rule, const char *dest);

/* Has payload_links_expand() made a rule of this link, for this place? */
bool payload_links_followed(const struct payload_rules *rules, const char *link, const char *dest);

/* Says that the root keeps its directory in a link's place, and why; owned by the caller. */
char *payload_links_left_out(const char *link, const char *target, const char *dest);

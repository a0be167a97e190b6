/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rootovl.personality=: a hostname, an address and root's password, from a small medium that the
 * launcher of a virtual machine attaches (testbox(8), PERSONALITY) or an owner plugs in. The text
 * is not trusted: it can set these three and nothing else.
 */
#pragma once

#include "src/rootovl/newroot/newroot.h"

#define PERSONALITY_FILE     "personality" /* the file on the medium … */
#define PERSONALITY_SIZE_MAX 4096	   /* … and how large it may be */

struct personality_facts {
	char *hostname; /* each may be NULL */
	char *address;	/* ADDRESS/PREFIX, IPv4 or IPv6 */
	char *password; /* hashed, crypt(5) */
};

/*
 * Reads "hostname=", "ip=" and "password=", one a line, each at most once; what is malformed or
 * unknown is a failure that names the line and shows no value. *ret becomes the caller's also on
 * failure. Pure.
 */
int personality_take(struct personality_facts *ret, const char *text, struct failure *f);
void personality_free(struct personality_facts *facts);

/*
 * Replaces root's password in the text of a shadow(5) file, with today as the date of the change.
 * The caller frees the result. Returns 0, or -ENOENT if root has no line. Pure.
 */
int personality_shadow(const char *shadow, const char *password, char **ret);

/* Writes the host name and the password into the new root. */
int personality_apply(struct newroot *nr, const struct personality_facts *facts, struct failure *f);

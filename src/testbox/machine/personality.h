/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What makes a testbox out of a root that all share: a hostname, an address, root's password. It
 * goes into the machine on a small ISO, personality(5) in testbox(8), which the helper in the
 * initramfs reads, acknowledges, and loses again before the root runs.
 */
#pragma once

#include "src/common/failure.h"

#include <signal.h>
#include <stdbool.h>

struct personality {
	char *hostname;
	char *ip;	/* ADDRESS/PREFIX */
	char *password; /* hashed, crypt(5) */
};

/* Is there one at all? */
bool personality_is(const struct personality *personality);

/*
 * From "hostname=NAME,ip=ADDRESS[/PREFIX],password=TEXT": each once, in any order; the password, or
 * password-file=FILE whose first line it is, comes last. `text` is wiped behind the password's "=":
 * it may be of a command line, which every process can read. *ret becomes the caller's also on
 * failure.
 */
int personality_parse(struct personality *ret, char *text, struct failure *f);
void personality_done(struct personality *personality);

/* The text that the ISO holds; owned by the caller, who wipes it. */
char *personality_text(const struct personality *personality);

/* Writes the ISO, whose one file is "personality"; the library makes a file in $TMPDIR for it. */
int personality_write_iso(const struct personality *personality, int fd, struct failure *f);

/* The same to a file, and in a jail (jail.h), which ends with -EINTR once *stop is not 0. */
int personality_make_iso(const struct personality *personality, const char *path,
			 const volatile sig_atomic_t *stop, struct failure *f);

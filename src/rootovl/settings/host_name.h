/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this machine is called: which name is one, and whose word counts. Pure. */
#pragma once

#include <stdbool.h>

/* Is it a host name of RFC 1123, of at most 64 bytes (HOST_NAME_MAX), and no address? */
bool host_name_is_valid(const char *name);

enum host_name_source {
	HOST_NAME_ROOT,	 /* the root's own /etc/hostname, which may be the personality's */
	HOST_NAME_ASKED, /* rootovl.hostname= */
	HOST_NAME_LINE,	 /* the fifth field of ip= */
	HOST_NAME_LEASE, /* option 12 of a DHCP lease */
	HOST_NAME_NONE,	 /* nobody names the machine */
};

struct host_name_words {
	const char *root;	  /* the text of /etc/hostname, or NULL */
	const char *asked, *line; /* each may be NULL */
	const char *lease;
};

/*
 * Chooses: what was asked for, else the root's, else the line's, else the lease's. "localhost" and
 * what is malformed name no machine. A lease's name that is too long is cut at its first dot. *ret
 * is the caller's; NULL for HOST_NAME_NONE.
 */
enum host_name_source host_name_choose(const struct host_name_words *words, char **ret);

/* "the kernel line" and the like, for a report. */
const char *host_name_source(enum host_name_source source);

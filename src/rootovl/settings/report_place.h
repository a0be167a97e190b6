/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value of rootovl.report=: the URL that gets the boot report by HTTP (RFC 9112). Pure. */
#pragma once

#include <stdbool.h>

struct report_place {
	char *host; /* a name or an address, without brackets */
	unsigned port;
	char *path; /* with the query */
};

/*
 * Reads "http://HOST[:PORT]/PATH". Returns 0, or -EINVAL for another scheme, a user, a fragment, a
 * blank, a control character or a byte beyond ASCII. *ret belongs to the caller, also on failure.
 */
int report_place_parse(struct report_place *ret, const char *url);
void report_place_done(struct report_place *place);

/*
 * Returns whether the head of a server's answer says that the server took the report: a status line
 * with 2xx.
 */
bool report_place_is_taken(const char *head);

/* Returns the head of the request for a body of `length` bytes. The caller owns it. */
char *report_place_request(const struct report_place *place, unsigned long length);

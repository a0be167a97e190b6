/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the forms of root= have in common: hosts, ports, paths, percent signs. Pure text work. */
#ifndef ROOTOVL_ROOT_PARTS_H
#define ROOTOVL_ROOT_PARTS_H

#include "src/rootovl/settings/root_source.h"

/* Decodes %XX of a URL's part in place (RFC 3986); refuses what is not one, and the NUL byte. */
int percent_decode(char *text, struct failure *f);

/* Is it a number from 1 to 65535? */
bool is_port(const char *text);
int parse_port(const char *text, unsigned *ret, struct failure *f);

/* "host" or "[v6]", without a port. Writes into `text`. */
int take_host(struct root_source *source, char *text, struct failure *f);

/* "host", "[v6]", "host:port", "[v6]:port". Writes into `text`. */
int take_host_port(struct root_source *source, char *text, struct failure *f);

/*
 * Single slashes only, none at the end, no "." and "..", no control characters: the path that a
 * server is asked for.
 * `what` names it in a failure; *ret is the caller's.
 */
int clean_path(const char *text, const char *what, char **ret, struct failure *f);

/* Cuts "…,options" or, for the forms of dracut, "…:options" off `text`; NULL where there are none.
 */
char *cut_options(char *text, const char *separators);

/*
 * Reads one of the forms of root= from `text`, which is used up. `dhcp`: a DHCP server gave it,
 * which is no authority over what is inside this machine.
 */
int root_parse_form(struct root_source *source, char *text, bool dhcp, struct failure *f);

#endif

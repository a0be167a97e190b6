/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the forms of root= have in common: hosts, ports, paths, percent signs. Pure text work. */
#pragma once

#include "src/rootovl/settings/root_source.h"

/* Decodes %XX of a URL's part in place (RFC 3986); refuses what is not one, and the NUL byte. */
int root_parts_decode(char *text, struct failure *f);

/* Is it a number from 1 to 65535? */
bool root_parts_is_port(const char *text);
int root_parts_port(const char *text, unsigned *ret, struct failure *f);

/* "host" or "[v6]", without a port. Writes into `text`. */
int root_parts_host(struct root_source *source, char *text, struct failure *f);

/* "host", "[v6]", "host:port", "[v6]:port". Writes into `text`. */
int root_parts_host_port(struct root_source *source, char *text, struct failure *f);

/*
 * Single slashes only, none at the end, no "." and "..", no control characters: the path that a
 * server is asked for.
 * `what` names it in a failure; *ret is the caller's.
 */
int root_parts_path(const char *text, const char *what, char **ret, struct failure *f);

/* Cuts "…,options" or, for the forms of dracut, "…:options" off `text`; NULL where there are none.
 */
char *root_parts_cut_options(char *text, const char *separators);

/* Is it a device's name, "LABEL=…" or "/dev/…", that device_find() takes? */
bool root_parts_is_device(const char *text);

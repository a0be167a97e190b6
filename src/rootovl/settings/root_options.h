/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of root= and rootflags=, and what a credentials file adds. Pure. */
#pragma once

#include "src/rootovl/settings/root_source.h"

/*
 * Adds mount options ("a,b=c"), of rootflags= for example: those with a meaning of their own
 * (user, credentials, port, …) go to their fields, the rest to `options`; "rw" is refused.
 */
int root_options_add(struct root_source *source, const char *options, struct failure *f);

/*
 * Adds the user and the password of cifsuser= and cifspass=, where the root has none of its own;
 * each may be NULL.
 */
int root_options_add_user(struct root_source *source, const char *user, const char *password,
			  struct failure *f);

/* Adds what a credentials file holds: lines username=, password=, domain=, as mount.cifs(8). */
int root_options_add_credentials(struct root_source *source, const char *text, struct failure *f);

/* Is an option of this name among `options`? Gives its value ("" where it has none) or NULL. */
const char *root_options_get(const struct root_source *source, const char *name);

/* The NFS version that the options ask for: "4.2", "4", "3"; NULL where they say none. */
const char *root_options_nfs_version(const struct root_source *source);

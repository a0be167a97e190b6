/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of kernel parameters, for settings.c, which reads a command line by it. What each means
 * to the user is in rootovl.cmdline(7).
 */
#ifndef ROOTOVL_PARAMS_H
#define ROOTOVL_PARAMS_H

#include "src/rootovl/settings/settings.h"

/* The table's rows, for the manual page's test and for `rootovl plan --parameters`. */
struct parameter_row {
	const char *name;    /* as on the command line */
	const char *form;    /* "=yes|no", for people */
	const char *meaning; /* one line */
};

/* What a whole command line amounts to before the root is put together from its parameters. */
struct reading {
	struct settings *settings;
	const char *root, *nfsroot, *rootflags; /* the command line's */
	bool mounted; /* the image mounts what root= names, if there is one */
};

struct parameter {
	struct parameter_row row;
	/*
	 * Takes a word's value, NULL where it has none. Gives 0, or -errno for a value that is none
	 * of this parameter's.
	 */
	int (*set)(struct reading *reading, const char *value);
};

/* The row number `i`, from 0; NULL behind the last one. */
const struct parameter_row *params_row(size_t i);

/* By its name, in which '-' and '_' are the same; NULL: there is no such parameter. */
const struct parameter *params_find(const char *name);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of kernel parameters. What each means to the user is in rootovl.cmdline(7). Pure.
 */
#pragma once

#include "src/rootovl/settings/settings.h"

/* What the words of a command line say, before the root is put together from its parameters. */
struct reading {
	struct settings settings;
	const char *root, *nfsroot, *cifsroot, *rootflags; /* the command line's */
	const char *rootfstype, *enforcing, *selinux;
	const char *cifsuser, *cifspass; /* dracut's, for a CIFS root */
	bool mounted;			 /* the image mounts what root= names, if there is one */
	struct local_words {
		bool on; /* the word itself */
		const char *lv_size, *partition, *save, *use;
	} local; /* of Compass-CI's os_mount=local, see local_words.h; NULL: not given, or empty */
};

/* How the value of a parameter is read; the functions of values.h do it. */
enum parameter_kind {
	PARAM_OTHER, /* by a function of its own */
	PARAM_TEXT,  /* not empty; a pointer into the command line */
	PARAM_MAYBE, /* the same, but an empty one is none */
	PARAM_SWITCH,
	PARAM_WORD, /* one of `words`, as an enum */
	PARAM_SECONDS,
	PARAM_SIZE,
	PARAM_COUNT,
	PARAM_PATH,
	PARAM_DEVICE,
	PARAM_DEVICES, /* separated by commas, so a label with a comma cannot be named */
	PARAM_LIST,    /* separated by commas */
};

struct parameter {
	const char *name;    /* as on the command line */
	const char *form;    /* "=yes|no", for people */
	const char *meaning; /* one line */
	enum parameter_kind kind;
	size_t field;		  /* where in struct reading the value goes */
	const char *const *words; /* by the enum's values, NULL at the end */
	int (*set)(struct reading *reading, const char *value);
};

/* The parameter number `i`, from 0; NULL behind the last one. */
const struct parameter *params_nth(size_t i);

/* By its name, in which '-' and '_' are the same; NULL: there is no such parameter. */
const struct parameter *params_find(const char *name);

/*
 * Reads the value of a parameter into *reading; NULL for a word without one. Returns 0, or -errno
 * for a value that the parameter cannot have.
 */
int params_set(const struct parameter *parameter, struct reading *reading, const char *value);

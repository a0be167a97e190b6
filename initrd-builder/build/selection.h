/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modules that an image needs so that some can be loaded: theirs and all that they ask for. */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>

struct selection {
	char **paths;	 /* of the modules, below the directory */
	char **firmware; /* the names that they ask for, as request_firmware() does */
	char **names;	 /* of all modules, those built into the kernel as well */
};

/*
 * Finds modules by name or alias in the directory `modules` with depmod's files (libkmod; nothing
 * of this machine's configuration), and those that they depend on, by modules.dep and by their soft
 * and weak dependencies. What the kernel has not is passed over. A module that cannot be read is a
 * failure. Sorted.
 */
int selection_make(const char *modules, char *const *names, struct selection *ret,
		   struct failure *f);
void selection_done(struct selection *selection);

/* Is this module among them, or built in? */
bool selection_has(const struct selection *selection, const char *name);

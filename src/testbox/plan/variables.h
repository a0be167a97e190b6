/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ${name} stands for in an iPXE script: what the machine is, and what the script set
 * (https://ipxe.org/cfg). Kept from one script to the one it chains to, as iPXE does.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>

struct variables {
	char **names;
	char **values;
};

/* Gives `name` a value; NULL takes it away. */
void variables_set(struct variables *variables, const char *name, const char *value);
void variables_done(struct variables *variables);

/* What every script may ask of a machine; `mac` has ':' or '-' between its bytes. */
void variables_of_machine(struct variables *variables, const char *name, const char *mac);

/*
 * Expands every ${[net0/]name[:type]} of a text, from the inside out, as iPXE's expand_settings()
 * does. Types: string, uristring; hex, hexhyp, hexraw of a MAC; another type of a variable that has
 * a value is a failure. `loose`: what has no value is empty, as in iPXE; else that is a failure.
 * The result is the caller's.
 */
int variables_expand(const struct variables *variables, const char *text, bool loose, char **ret,
		     struct failure *f);

/*
 * Is a variable without a value in the host of a URL that the text is? *ret_name is its name, which
 * is the caller's, or NULL. Fails as variables_expand().
 */
int variables_unset_host(const struct variables *variables, const char *text, char **ret_name,
			 struct failure *f);

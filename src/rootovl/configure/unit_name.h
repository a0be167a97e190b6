/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of units; see systemd.unit(5). Pure. */
#pragma once

#include <stdbool.h>

/* Is it one path component of the characters of a unit's name, with a type that systemd has? */
bool unit_name_valid(const char *name);

/* Is it foo@.service? */
bool unit_name_is_template(const char *name);

/* foo@bar.service to foo@.service; a copy of what is no instance. */
char *unit_name_template(const char *name);

/* foo@.service and bar to foo@bar.service. */
char *unit_name_instance(const char *name, const char *instance);

/* Do two names end in the same type? */
bool unit_name_same_type(const char *a, const char *b);

/*
 * Puts in what the specifiers %n %N %p %i %j %% in `text` stand for in the unit `name`; -EINVAL for
 * another one.
 */
int unit_name_expand(const char *text, const char *name, char **ret);

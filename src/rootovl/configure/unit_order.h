/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which units systemd starts before others, as far as it decides whether a unit can start behind
 * the job. A service comes after basic.target by default, and so do the units in question: what
 * comes before that target cannot wait for them, and is not looked at. Pure.
 *
 * An instance counts as its template.
 */
#pragma once

#include <stdbool.h>

struct unit_order;

struct unit_order *unit_order_new(void);
void unit_order_free(struct unit_order *order);

/* Adds a unit by its text, with its drop-ins behind; NULL: the root has none of that name. */
void unit_order_add(struct unit_order *order, const char *name, const char *text);

/* Notes that `name` is another name of a unit. */
void unit_order_alias(struct unit_order *order, const char *name, const char *unit);

/* Notes that `who` wants a unit, by a link in WHO.wants or WHO.requires. */
void unit_order_want(struct unit_order *order, const char *who, const char *unit);

/* Was a unit of that name added, and does the root have it? */
bool unit_order_was_added(struct unit_order *order, const char *name);
bool unit_order_has(struct unit_order *order, const char *name);

/*
 * The name of a unit that comes before the job, or that the job needs, and that was not added so
 * far; NULL: all were. Until then unit_order_hinders() does not know all.
 */
const char *unit_order_unread(struct unit_order *order, const char *job);

/* Why `unit` cannot start behind `job`, a text of the caller's; NULL: it can. */
char *unit_order_hinders(struct unit_order *order, const char *job, const char *unit);

/* Why nothing can wait for the start of a job with this text, static; NULL: it can. */
const char *unit_order_long_start(const char *text);

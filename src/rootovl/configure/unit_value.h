/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A value in the text of a unit's file; see systemd.syntax(7). Pure. */
#pragma once

/*
 * Returns what `key` is set to in [section], the last one; NULL: nothing, or it is taken back.
 * Lines that a backslash joins are not joined. The caller owns the result.
 */
char *unit_value(const char *text, const char *section, const char *key);

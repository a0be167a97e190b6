/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Disables crypttab(5), veritytab(5) and integritytab(5) of a root on another machine. Each line
 * there waits for a disk, may ask for a password, and may write to a disk. Pure.
 */
#pragma once

/*
 * Comments out every line, and appends the names of the volumes to a list. *ret is the new text, or
 * NULL if there is no active line. Returns 0 or -ENOMEM.
 */
int crypttab_safe_text(const char *text, char ***names, char **ret);

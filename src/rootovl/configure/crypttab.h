/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crypttab(5), veritytab(5) and integritytab(5) of a root on another machine: every line waits for
 * a disk, may ask for a password, and may write to the disk that it finds. Pure.
 */
#pragma once

/*
 * Gives the text with every line commented out; NULL in *ret where there is none; -ENOMEM. Adds the
 * volumes' names to a list.
 */
int crypttab_safe_text(const char *text, char ***names, char **ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel-modules.list of our dracut modules, as dracut's instmods reads them: names, and
 * "=drivers/net/ethernet" for all modules in a directory of the kernel. "#" begins a comment.
 */
#pragma once

/* The words of a list; the caller's. */
char **module_list_words(const char *text);

/*
 * The names of modules that the words mean: a name is itself, a directory every module in it, be it
 * in kernel/, updates/ or elsewhere below. `paths` are the modules of a kernel, below
 * lib/modules/<version>. Sorted, each once; the caller's.
 */
char **module_list_expand(char *const *words, char *const *paths);

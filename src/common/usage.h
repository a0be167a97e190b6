/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a command ends that takes no options. */
#ifndef COMMON_USAGE_H
#define COMMON_USAGE_H

/*
 * Prints the usage: on standard output where argv[1] is --help or -h, and else, for wrong usage, on
 * standard error. Gives the exit status, 0 or 2.
 */
int usage_end(char *const *argv, const char *usage);

#endif

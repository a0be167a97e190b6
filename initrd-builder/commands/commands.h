/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of initrd-builder(8), and how each tells its end. main.c has the table of them. */
#ifndef BUILDER_COMMANDS_H
#define BUILDER_COMMANDS_H

#include "src/common/failure.h"

enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_KERNEL = 3,
	EXIT_FOUND = 4, /* inspect, verify: something is wrong with the files */
};

/* Tells wrong usage, and gives the exit status for it. NULL: getopt(3) has told what is wrong. */
int usage(const char *text);

/* Tells a failure, and gives the exit status for it. */
int tell(const struct failure *f, int r);

int command_build(int argc, char **argv);
int command_watch(int argc, char **argv);
int command_inspect(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_pack(int argc, char **argv);
int command_job(int argc, char **argv);
int command_rootfs(int argc, char **argv);
int command_cat(int argc, char **argv);

#endif

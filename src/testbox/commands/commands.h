/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of testbox(8). Each gets "testbox NAME" as argv[0], and gives the exit status. */
#ifndef TESTBOX_COMMANDS_H
#define TESTBOX_COMMANDS_H

#include "src/common/failure.h"

/* 0 to 119 are the job's own: a higher one becomes 119. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_JOB_MAX = 119,
	EXIT_NO_STATUS = 120, /* with --result: the job did not say how it went */
	EXIT_FAILED = 121,    /* the launcher failed */
	EXIT_USAGE = 122,
	EXIT_CRASHED = 123,
	EXIT_DEADLINE = 124,
	EXIT_BUSY = 125,   /* another launcher has the name */
	EXIT_NO_JOB = 126, /* the script has nothing to boot */
	EXIT_SIGNAL = 128, /* and the signal's number */
};

int command_run(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_run_job(int argc, char **argv); /* the command `job` */
int command_stop(int argc, char **argv);
int command_list(int argc, char **argv);
int command_log(int argc, char **argv);
int command_console(int argc, char **argv);

/* Tells a failure, and gives the exit status for it. */
int command_failed(const struct failure *f);
/* Tells wrong usage of a command, and gives its exit status. */
int command_usage(const char *command, const char *what);

#endif

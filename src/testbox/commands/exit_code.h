/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exit codes of testbox(8). */
#pragma once

/* 0 to 117 are the job's own: a higher one becomes 117. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_JOB_MAX = 117,
	EXIT_BOOT_FAILED = 118, /* the machine says so */
	EXIT_IDLE = 119,	/* its root waits at "login:", with no job */
	EXIT_NO_STATUS = 120,	/* with --result: the job did not say how it went */
	EXIT_FAILED = 121,	/* the launcher failed */
	EXIT_USAGE = 122,
	EXIT_CRASHED = 123,
	EXIT_DEADLINE = 124,
	EXIT_BUSY = 125,   /* another launcher has the name */
	EXIT_NO_JOB = 126, /* the script has nothing to boot */
			   /* 128 and more: a signal */
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One failure, told once: what happened to which object and why, and what to do about it.
 * A function that can fail takes a `struct failure *`, fills it in by fail() and returns the
 * negative code; it never logs. The caller that ends the work (main, the executor) prints it, once.
 */
#pragma once

#include "src/common/macro.h"

/* Hints: what to run for an image that has more, in the words of initrd-builder/build/features.c.
 */
#define REBUILD_WITH_DISKS  "initrd-builder build --with disks"
#define REBUILD_WITH_LIVE   "initrd-builder build --with live"
#define REBUILD_WITH_VERITY "initrd-builder build --with verity"

struct failure {
	int code;   /* an errno value, positive; 0: no failure */
	char *what; /* "cifs //srv/os: connection refused"; owned */
	char *hint; /* "is smbd running?"; owned; may be NULL */
};

/*
 * Records a failure and returns -code. An earlier record in f is replaced. `hint` may be NULL.
 * The text is one line: control characters in it are written as \xNN, for much of what it names
 * comes from elsewhere.
 */
int fail(struct failure *f, int code, const char *hint, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* The same, with ": " and the text of the errno value `code` put behind. */
int fail_errno(struct failure *f, int code, const char *hint, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* Puts "text: " in front of what f says (the step or the file in which it happened). */
void failure_prefix(struct failure *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Releases what f owns and makes it empty again. */
void failure_done(struct failure *f);

#define auto_failure __attribute__((cleanup(failure_done)))

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A failure: which object failed, why, and what the user can do. A function that can fail takes a
 * `struct failure *`, fills it in by fail(), and returns the negative code. It never logs. The
 * outermost caller (main() or the executor) prints the failure once.
 */
#pragma once

#include "src/common/macro.h"

/* Hints that name the command for an image with more features (initrd-builder/build/features.c). */
#define REBUILD_WITH_DISKS  "initrd-builder build --with disks"
#define REBUILD_WITH_LIVE   "initrd-builder build --with live"
#define REBUILD_WITH_VERITY "initrd-builder build --with verity"

struct failure {
	int code;   /* an errno value, positive; 0: no failure */
	char *what; /* "cifs //srv/os: connection refused"; owned */
	char *hint; /* "is smbd running?"; owned; may be NULL */
};

/*
 * Records a failure in f and returns -code. It replaces an earlier failure in f. `hint` may be
 * NULL. The text becomes one line: control characters are written as \xNN, because the text may
 * contain names from servers and files.
 */
int fail(struct failure *f, int code, const char *hint, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Does the same as fail(), and appends ": " and the text of the errno value `code`. */
int fail_errno(struct failure *f, int code, const char *hint, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* Puts "text: " before the text of f, to name the step or the file in which it failed. */
void failure_prefix(struct failure *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Releases the texts of f and makes f empty. */
void failure_done(struct failure *f);

#define auto_failure __attribute__((cleanup(failure_done)))

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Explains what an errno value of mount(2) means for a file system, and what to do about it. Pure:
 * a table.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>

/* Explains why an NFS server may be up and still refuse to open files. */
#define MOUNT_CAUSES_GRACE                                                                         \
	"an NFS server that was restarted waits for its clients first: grace period, 90 s as a "   \
	"rule"

struct mount_cause {
	const char *cause; /* NULL: the text of the errno value is enough */
	const char *hint;  /* never NULL */
	bool heals;	   /* another try may succeed, in addition to connect_heals() */
};

/*
 * Returns the meaning of `code`, a positive errno value from mount(2), for a file system of this
 * type.
 */
struct mount_cause mount_causes_find(const char *fstype, int code);

/*
 * Fills in the failure of a mount(2): "OBJECT: cause (hint)". Returns -code, and -EAGAIN where
 * another try may succeed.
 */
int mount_causes_fail(struct failure *f, const char *fstype, int code, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

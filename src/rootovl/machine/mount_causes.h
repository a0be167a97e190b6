/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an errno value of mount(2) means for a file system, and what to do about it. Pure: a table.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>

/* Why an NFS server may be up and yet answer nothing that opens a file. */
#define MOUNT_CAUSES_GRACE                                                                         \
	"an NFS server that was restarted waits for its clients first: grace period, 90 s as a "   \
	"rule"

struct mount_cause {
	const char *cause; /* NULL: the text of the errno value says it */
	const char *hint;  /* never NULL */
	bool heals;	   /* another try may succeed, besides what connect_heals() says */
};

/* Returns what `code`, positive, means where mount(2) of a file system of this type gives it. */
struct mount_cause mount_causes_find(const char *fstype, int code);

/*
 * Fills in the failure of a mount(2): "OBJECT: cause (hint)". Returns -code, and -EAGAIN where
 * another try may succeed.
 */
int mount_causes_fail(struct failure *f, const char *fstype, int code, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

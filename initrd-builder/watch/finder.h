/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the roots below a directory, and hearing of changes to where they are (inotify(7)): names
 * that come and go in the directories above them and in the few of a root that tell of a new
 * kernel or a lost image. Changes by other clients of a file server, and those deeper in a root,
 * are not heard of.
 */
#pragma once

#include "src/common/failure.h"

#include <stddef.h>

struct heard {
	int wd;	    /* inotify's number */
	char *root; /* NULL: of a directory that is no root */
};

struct finder {
	const char *dir;
	/* Called for each change that was heard; `root` NULL: not in a root. */
	void (*touched)(void *arg, const char *root);
	void *arg;
	int fd; /* of the directory; -1: not opened yet */
	int inotify;
	struct heard *list;
	size_t n;
	int deaf; /* an errno value, positive: not all could be listened to */
};

/*
 * Opens the directory by its path, of which no step is a link or another user's to change
 * (folder_open()), and keeps it: scans walk by this descriptor. Gives 1 where another directory
 * was opened before, 0, or -errno, and keeps the one before then.
 */
int finder_open(struct finder *finder, struct failure *f);

/*
 * The paths of all roots below the directory, sorted; the caller's. A root has lib/modules, its
 * links resolved inside it. What has usr/ or etc/ is taken for one that is on its way, and not
 * looked into; links are not followed, hidden directories and those more than six deep left out.
 * From then on changes are heard there.
 */
int finder_scan(struct finder *finder, char ***ret, struct failure *f);

/* Tells of what was heard since. */
void finder_hear(struct finder *finder);

void finder_done(struct finder *finder);

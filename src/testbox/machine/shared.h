/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder of this host that a machine writes to. What root of the machine makes there must give
 * nothing to the users of this host. So other users are kept out of it until the machine has ended,
 * and setuid, capabilities and devices are gone. All is done by the descriptor of the folder, and
 * by those of what is in it: a name may be another thing's a moment later.
 */
#pragma once

#include "src/common/failure.h"

#include <sys/types.h>

/* What a folder was before it was lent, and to whom it is lent. */
struct shared {
	mode_t mode;
	uid_t owner;
	gid_t group;
	/*
	 * The first of the ids (machine_ids.h) that it is lent to; 0: it stays the caller's, and
	 * what serves it makes nothing that is setuid.
	 */
	uid_t first;
	unsigned count; /* of these ids */
};

/*
 * Looks at the folder, which must be the caller's own, or have stayed with those ids: then it
 * becomes the caller's. -EPERM: it belongs to another user. `path` is for people.
 */
int shared_look(int fd, const char *path, uid_t first, unsigned count, struct shared *ret,
		struct failure *f);

/*
 * Takes group and others out of the folder. Then takes setuid, setgid and capabilities(7) from all
 * files below, removes devices, and gives what is the caller's to the machine. A file that has
 * further names stays the caller's: one of them may be elsewhere. What is too deep stays too.
 * Returns how many things were changed as by shared_take_back(), or -errno.
 */
int shared_lend(int fd, const char *path, const struct shared *shared, struct failure *f);

/*
 * After the last writer has ended: gives what is the machine's to the caller, makes it as harmless
 * as above, and gives the folder its mode back. Links are not followed, other file systems not
 * entered. Returns how many things were setuid, setgid, had capabilities or were devices; or
 * -errno, and the folder stays closed.
 */
int shared_take_back(int fd, const struct shared *shared);

/* Logs what one of the two has changed; or why the folder stays closed (-errno). */
void shared_tell(const char *path, int changed);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host files of Compass-CI and LKP say by keys that are not ours. Pure. */
#pragma once

#include "src/testbox/plan/disk_keys.h"
#include "src/testbox/plan/host.h"

struct host_foreign {
	struct disk_keys disks;
	char *cpu; /* of the option -cpu in `model`; NULL: none */
};

/*
 * Takes up one key; the items of a list are separated by blanks. Gives 1, 0 for a key that no such
 * file has, or -EINVAL. Many keys are about real machines, and are passed over.
 */
int host_foreign_take(struct host_foreign *foreign, struct host *host, const char *key,
		      const char *value, struct failure *f);

/* Gives the host what it has not by our own keys, and releases the rest. */
void host_foreign_settle(struct host_foreign *foreign, struct host *host);

/* Could it be a value of QEMU's options: no comma, no blank, no control character? `also` may. */
bool host_foreign_is_word(const char *text, const char *also);

/* The names of the keys, for the manual page's test; NULL behind the last. */
const char *host_foreign_key(size_t i);

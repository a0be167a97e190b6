/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copying extended attributes. What the target cannot hold (EOPNOTSUPP: system.nfs4_acl,
 * security.selinux, user.* on an older tmpfs) is counted in `skipped` and no failure, and so are
 * the overlay's own (trusted.overlay.*), which would change what the new root shows.
 */
#pragma once

#include <stdint.h>

int xattrs_copy(int from, int to, uint64_t *skipped);

/* For what cannot be opened: links, devices, fifos. Works through /proc; without it, copies none.
 */
int xattrs_copy_at(int from_dir, const char *from, int to_dir, const char *to, uint64_t *skipped);

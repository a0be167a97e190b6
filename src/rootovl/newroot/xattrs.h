/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies extended attributes. An attribute that the target does not support (EOPNOTSUPP:
 * system.nfs4_acl, security.selinux, user.* on an older tmpfs) is no failure, and is counted in
 * `skipped`. So are the attributes of overlayfs (trusted.overlay.*), which would change what the
 * new root shows.
 */
#pragma once

#include <stdint.h>

int xattrs_copy(int from, int to, uint64_t *skipped);

/*
 * Copies the attributes of an object that cannot be opened: a link, device or fifo. Needs /proc;
 * without it, copies none.
 */
int xattrs_copy_at(int from_dir, const char *from, int to_dir, const char *to, uint64_t *skipped);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a mount of fstab(5) or of a unit hangs on. Pure. */
#pragma once

enum mount_kind {
	MOUNT_DISK,    /* a disk of the machine, or what lies on one */
	MOUNT_NETWORK, /* a server's folder, or what only a program can mount */
	MOUNT_KERNEL,  /* tmpfs, proc and the like: nothing is waited for */
	MOUNT_OWN,     /* a folder or a file of the root itself: bind, loop */
	MOUNT_SWAP,
};

/* By the fields of fstab(5), their escapes undone; each may be "". */
enum mount_kind mount_kind_of(const char *source, const char *dir, const char *type,
			      const char *options);

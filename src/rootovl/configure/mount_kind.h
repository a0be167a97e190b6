/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what the source of a mount depends on. The mount is of fstab(5) or of a unit. Pure. */
#pragma once

enum mount_kind {
	MOUNT_DISK,    /* a disk of the machine, or a device on a disk */
	MOUNT_NETWORK, /* a folder of a server, or a mount that needs a program */
	MOUNT_KERNEL,  /* tmpfs, proc and others, which are always available */
	MOUNT_OWN,     /* a folder or a file of the root itself: bind, loop */
	MOUNT_SWAP,
};

/* By the fields of fstab(5), their escapes undone; each may be "". */
enum mount_kind mount_kind_of(const char *source, const char *dir, const char *type,
			      const char *options);

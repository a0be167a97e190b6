/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading "newc" cpio archives as the kernel does: init/initramfs.c, and
 * Documentation/driver-api/early-userspace/buffer-format.rst. No length in them is believed: names
 * and targets of links have the kernel's limit, and contents are handed on as they come.
 */
#pragma once

#include "initrd-builder/read/input.h"

#include <stdbool.h>
#include <sys/types.h>

#define CPIO_ALIGNMENT 4 /* of headers and contents, from the start of the archive */

struct cpio_entry {
	const char *name;   /* as it stands there */
	const char *target; /* of a symbolic link, else NULL */
	mode_t mode;
	uint32_t uid, gid, nlink, mtime, ino;
	uint32_t size;	       /* of the contents; of a link's target */
	uint32_t major, minor; /* of the device that it was on: with `ino`, which hard link it is */
	uint32_t rmajor, rminor;
	bool checksum;	     /* of the format with checksums, 070702 */
	const char *skipped; /* why the kernel leaves it out, or NULL */
};

struct cpio_events {
	/* An entry, and then its contents in pieces. They give 0, or -errno, which ends the
	 * reading. */
	int (*entry)(void *arg, const struct cpio_entry *entry);
	int (*content)(void *arg, const void *data, size_t n); /* may be NULL */
	void *arg;
};

enum cpio_result {
	CPIO_ENTRY,   /* one was read, with its contents */
	CPIO_TRAILER, /* the archive's last one, which is no file */
};

/*
 * Reads what stands next in `input`: a header, its name, contents, and the padding behind, relative
 * to where in the input the archive began. Gives one of enum cpio_result, what an event gave if
 * that was a failure, or: -EBADMSG, this is damaged; -ENODATA, the input ended in the middle of it;
 * the input's own failure.
 */
int cpio_read(struct input *input, const struct cpio_events *events, struct failure *f);

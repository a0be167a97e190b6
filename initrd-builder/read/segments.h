/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The segments of a file that is given to the kernel as an initrd, alone or with others: archives,
 * each uncompressed or compressed as a whole, with zero bytes between them. It is read as the
 * kernel does (unpack_to_rootfs() in init/initramfs.c;
 * Documentation/driver-api/early-userspace/buffer-format.rst):
 *
 * - zero bytes between segments are skipped;
 * - an uncompressed archive begins at a multiple of 4, relative to the start of the file: boot
 * loaders put each file at one;
 * - a compressed one may begin anywhere, but behind an uncompressed archive and zero bytes at a
 * multiple of 4 too, and ends where its format ends it (decoder.h);
 * - inside of it may be several archives, with zero bytes between them, and nothing else.
 */
#pragma once

#include "initrd-builder/read/cpio.h"
#include "initrd-builder/read/decoder.h"

struct segment {
	unsigned number;	   /* in its file, from 1 */
	const struct codec *codec; /* NULL: not compressed */
	uint64_t offset;	   /* in the file */
	uint64_t size;	   /* there, without the zero bytes behind it; these it knows at the end */
	uint64_t padding;  /* the zero bytes behind it */
	uint64_t unpacked; /* bytes of the archives in it */
	uint64_t entries;
};

/* Each gives 0, or -ECANCELED or -EINTR, which ends the walk and is what it gives. */
struct segments_events {
	int (*begin)(void *arg, const struct segment *segment);
	int (*entry)(void *arg, const struct segment *segment, const struct cpio_entry *entry);
	int (*content)(void *arg, const void *data, size_t n); /* may be NULL */
	int (*end)(void *arg, const struct segment *segment);
	/*
	 * What the kernel does not take, or not as it was meant. Where no segment begins `codec` is
	 * NULL and `size` 0. After a fatal one nothing more of the file is read, for nobody knows
	 * where the next segment begins: nor does the kernel read on.
	 */
	int (*problem)(void *arg, const struct segment *segment, const char *text, bool fatal);
	void *arg;
};

/*
 * Walks through one file. No more than `*budget` bytes are unpacked; it is lessened by those that
 * were. Gives 0, what an event gave, or -errno with `f` filled in.
 */
int segments_walk(struct input *input, uint64_t *budget, const struct segments_events *events,
		  struct failure *f);

/* "gzip", or "uncompressed". */
const char *segments_compression(const struct segment *segment);

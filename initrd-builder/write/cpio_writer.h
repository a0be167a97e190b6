/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a cpio archive ("newc"), in gzip or not, by libarchive. What goes into it, in which order
 * and with which times, is the caller's: cgz.h, cpio_list.h.
 */
#pragma once

#include "src/common/failure.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* The header of an entry; what is not given is 0. */
struct cpio_header {
	const char *path;   /* without a slash in front */
	const char *target; /* of a symbolic link */
	mode_t mode;
	long inode; /* with `nlink` above 1: which hard link it is */
	unsigned nlink;
	uid_t uid;
	gid_t gid;
	time_t mtime;
	dev_t device;  /* of a device */
	uint64_t size; /* of a file's contents */
};

struct cpio_writer;

/* To an open file, which must outlive it. `gzip`: its level; 0: not compressed. NULL: a failure. */
struct cpio_writer *cpio_writer_new(int fd, int gzip, struct failure *f);
void cpio_writer_free(struct cpio_writer *writer);

static inline void cpio_writer_free_p(struct cpio_writer **writer)
{
	cpio_writer_free(*writer);
}
#define auto_cpio_writer __attribute__((cleanup(cpio_writer_free_p)))

/* These give 0 or -errno. After a header come its contents, in as many pieces as one likes. */
int cpio_writer_header(struct cpio_writer *writer, const struct cpio_header *header);
int cpio_writer_data(struct cpio_writer *writer, const void *data, size_t n);
/* The end of the archive, without which it is none. */
int cpio_writer_end(struct cpio_writer *writer);

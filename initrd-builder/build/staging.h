/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The temporary directory of a build. `files` holds what userspace.sh takes from this machine,
 * `all` copies of a kernel's modules, see modules.h, `half` what the image gets of them. It is
 * locked as long as its builder lives (flock(2)): the next one removes what a killed one left.
 */
#pragma once

#include "src/common/failure.h"

struct staging {
	char *path; /* of the directory; NULL: none was made */
	int fd;	    /* which holds its lock */
};

/* Makes it below TMPDIR (/var/tmp), which dracut, being shell, wants without blanks and colons. */
int staging_open(struct staging *ret, struct failure *f);

/* Removes it with all that is in it. */
void staging_close(struct staging *staging);

/* The path of something in it; owned by the caller. */
char *staging_path(const struct staging *staging, const char *name);

/* Makes a directory, and those above it, in it. */
int staging_make_dir(const struct staging *staging, const char *name, struct failure *f);

/* Makes a link in it, in a directory that is there; an older one is replaced. */
int staging_link(const struct staging *staging, const char *target, const char *name,
		 struct failure *f);

/* Copies a file into it, with its mode; links to it are followed. */
int staging_copy(const struct staging *staging, const char *from, const char *name,
		 struct failure *f);

/* Copies all of an open file into another one, from where they stand. Gives 0, -EFBIG where there
 * are more than `most` bytes, also where it grows meanwhile, or -errno. */
int staging_copy_fd(int from, int to, off_t most);

#define auto_staging __attribute__((cleanup(staging_close)))

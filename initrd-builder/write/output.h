/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that appears whole or not at all. It is written without a name where the file system can
 * (O_TMPFILE), else under a hidden new one beside its place, and gets its name when all of it is on
 * the disk. What is there under that name stays until then.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <sys/types.h>

struct output {
	int fd;	    /* to write to; -1: none is open */
	int dir_fd; /* the caller's, but for output_open_at() */
	bool own_dir;
	char *path;	  /* where it will be, for people */
	const char *name; /* its last part */
	char *temporary;  /* its name until then; made only when it is needed */
	bool named;	  /* is there something under that name? */
};

/* In the directory `dir_fd`, which must stay open; `dir` is its path, for people. */
int output_open(int dir_fd, const char *dir, const char *name, struct output *ret,
		struct failure *f);

/*
 * At a path, whose directory is there; its descriptor is the output's. What is there and no file
 * (-EINVAL) stays: a device, a pipe, /dev/stdout.
 */
int output_open_at(const char *path, struct output *ret, struct failure *f);

/*
 * Fails (-EINVAL) where it would be in the folder `dir_fd` or below it, of which all is read: it
 * would be a part of the next one, or of itself. What is mounted there is none of it. `dir` is the
 * folder's path, for people.
 */
int output_check_outside(const struct output *output, int dir_fd, const char *dir,
			 struct failure *f);

/* Copies all of another open file into it, wherever that one stands. */
int output_copy(struct output *output, int from, struct failure *f);

/* Gives it its name; `ret_size` may be NULL. */
int output_commit(struct output *output, off_t *ret_size, struct failure *f);

/* Removes what killed builders left of files whose names begin so; nobody may be writing there. */
void output_clean(int dir_fd, const char *prefix);

/* Releases it; what was not committed is gone. */
void output_done(struct output *output);

#define auto_output __attribute__((cleanup(output_done)))
#define OUTPUT_NONE ((struct output){ .fd = -1, .dir_fd = -1 })

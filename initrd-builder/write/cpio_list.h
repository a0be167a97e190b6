/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cpio archive ("newc") of which the same entries give the same bytes: sorted by path, owner 0,
 * one time for all (SOURCE_DATE_EPOCH, else 1970), numbers in their order. The halves of an image
 * are made of it. It is held in memory.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct cpio_item {
	char *path; /* "usr/lib" */
	mode_t mode;
	dev_t device; /* of a device */
	char *data;   /* a file's contents, a link's target */
	size_t size;
};

struct cpio_list {
	struct cpio_item *items;
	size_t n;
};

/* Adds all entries of an archive, compressed or not; names lose a leading "./". */
int cpio_list_add_archive(struct cpio_list *list, const char *path, struct failure *f);

/* Adds all files and directories below a directory, 0644 and 0755; nothing else. */
int cpio_list_add_tree(struct cpio_list *list, const char *dir, struct failure *f);

/* Adds a file, 0644, of a text, which the list owns from then on. */
void cpio_list_add_text(struct cpio_list *list, const char *path, char *text);

/* Takes out what has this path, or lies below it. */
void cpio_list_drop(struct cpio_list *list, const char *path);

/* The entry of this path, or NULL. It is the list's; a file's contents have a NUL behind. */
const struct cpio_item *cpio_list_find(const struct cpio_list *list, const char *path);

/* Writes it, and sorts it before. */
int cpio_list_write(struct cpio_list *list, int fd, struct failure *f);

void cpio_list_done(struct cpio_list *list);

#define auto_cpio_list __attribute__((cleanup(cpio_list_done)))

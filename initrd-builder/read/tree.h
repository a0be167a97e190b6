/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel makes of archives, one after the other: the names in its root file system, with
 * what stands there last. Links on the way are followed, as the kernel does when it opens a name;
 * nothing leads out, for there is nothing outside.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct tree;

struct node {
	const char *path; /* clean, without links on the way: its name in the tree */
	mode_t mode;
	uint64_t size;
	uint32_t sum;	   /* the CRC-32 of its contents, if the caller wants it */
	char *target;	   /* of a link; the node's */
	char *text;	   /* what the file holds, if the caller kept it; the node's */
	unsigned children; /* of a directory */
	unsigned segment;  /* the caller's number of where it came from */
};

/* With what the kernel itself has at first: /dev, /dev/console, /root (usr/default_cpio_list). */
struct tree *tree_new(void);
void tree_free(struct tree *tree);

/*
 * Where a clean path stands when every link but the last is followed; owned by the caller. NULL: a
 * directory on the way is missing or is none, or there is a loop.
 */
char *tree_place(const struct tree *tree, const char *path);

/* The node at such a place, or NULL. It is the tree's. */
struct node *tree_get(const struct tree *tree, const char *place);

/* The node that a clean path leads to, the last link followed too, or NULL. */
struct node *tree_follow(const struct tree *tree, const char *path);

/*
 * Puts a node where its directory is there, or changes the one that is. `target` may be NULL. NULL:
 * too many names, the tree takes no more.
 */
struct node *tree_put(struct tree *tree, const char *place, mode_t mode, const char *target,
		      unsigned segment);

/* Calls `each` for every node, in the order of the paths; it must not change the tree. */
void tree_each(const struct tree *tree, void (*each)(void *arg, const struct node *node),
	       void *arg);

/*
 * Did it take too many steps to follow the paths so far? Then nothing is found any more, and
 * tree_each() calls nothing.
 */
bool tree_is_exhausted(const struct tree *tree);

/* Bytes of memory that all of it takes: pages of the contents, and an inode and a name for each. */
uint64_t tree_memory(const struct tree *tree);

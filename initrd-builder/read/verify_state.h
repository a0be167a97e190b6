/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of verify share: verify.c reads and tells, verify_entry.c and verify_whole.c
 * judge. */
#ifndef BUILDER_VERIFY_STATE_H
#define BUILDER_VERIFY_STATE_H

#include "initrd-builder/read/finding.h"
#include "initrd-builder/read/purpose.h"
#include "initrd-builder/read/segments.h"
#include "initrd-builder/read/tree.h"

/* A segment that was read, of any file. */
struct verified {
	char *file;
	struct segment segment;
	char **kernels; /* whose modules it brings */
	bool checksum;	/* are its archives of the format with checksums? */
};

/* A kernel's configuration. */
struct known_config {
	char *name;
	char *text;
};

struct verify {
	void (*found)(void *arg, const struct finding *finding);
	void *arg;
	uint64_t budget; /* bytes that may still be unpacked */
	uint64_t memory; /* 0: not said */
	uint64_t stored; /* bytes of all files */
	bool cut;	 /* was some of them not read? */
	struct known_config *configs;
	size_t n_configs;
	bool config_given; /* by itself: the root's are not looked at */
	char **root_kernels;

	struct tree *tree;
	struct verified *segments; /* node.segment - 1 is the index */
	size_t n_segments;
	struct purpose *purpose; /* of the one that is read */
	size_t image;		 /* the first that is the image, as node.segment; 0: none yet */
	size_t lkp;		 /* the first that brings something below /lkp */
	bool scheduled;		 /* was it below /lkp/scheduled? */

	/* The file whose contents are read, if they matter. */
	struct node *node;
	uint64_t left;
	struct replaced {
		bool is; /* one of the image's own */
		mode_t mode;
		uint64_t size;
		uint32_t sum;
		char *target;
	} replaced;
	char real[48]; /* STUB_NOTE of the image: CRC-32 and size of the libcrypto it has a stub of
			*/
	size_t real_len;
	char **told; /* directories whose absence was told */
};

#endif

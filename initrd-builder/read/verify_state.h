/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources of verify share: each part of struct verify says which of them writes it. */
#pragma once

#include "initrd-builder/read/finding.h"
#include "initrd-builder/read/purpose.h"
#include "initrd-builder/read/segments.h"
#include "initrd-builder/read/tree.h"
#include "initrd-builder/root/rootfs.h"

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

/* Written by verify.c before the first file: what the caller says. */
struct verify_known {
	uint64_t memory; /* that the files may take; 0: not said */
	struct known_config *configs;
	size_t n_configs;
	bool config_given; /* by itself: the root's are not looked at */
	char **root_kernels;
	struct rootfs rootfs; /* its path is NULL where none was said */
	struct newroot *root; /* as the boot looks at it; or NULL */
	char *table;	      /* the payload table where no image brings one; or NULL */
	char *cmdline;	      /* the kernel line; NULL: not said */
	char **enable;	      /* the units that rootovl.enable= names; NULL: the usual one */
};

/* Written by verify.c: the segments and files that were read; the rules mark segments. */
struct verify_read {
	uint64_t budget;	   /* bytes that may still be unpacked */
	uint64_t stored;	   /* bytes of all files */
	bool cut;		   /* was some of them not read? */
	bool endless;		   /* was it told that the tree is exhausted? */
	struct verified *segments; /* node.segment - 1 is the index */
	size_t n_segments;
	struct purpose *purpose; /* of the last one */
	size_t image;		 /* the first that is the image, as node.segment; 0: none yet */
};

/* An entry that the kernel leaves out. The boot may put the same file there. */
struct left_out {
	char *path;
	size_t segment;
};

/* Written by verify_entry.c: what the rules about one entry remember. */
struct verify_entries {
	struct tree *tree;
	struct left_out *left_out; /* for want of their directories */
	size_t n_left_out;
	size_t lkp;	/* the first segment that brings something below /lkp; 0: none */
	bool scheduled; /* was it below /lkp/scheduled? */
	char stub[48];	/* STUB_NOTE of the image */
	size_t stub_len;

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
};

struct verify {
	void (*found)(void *arg, const struct finding *finding);
	void *arg;
	struct verify_known known;
	struct verify_read read;
	struct verify_entries entry;
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds what breaks boots in the files that are given to the kernel as initrds, one after the
 * other. The reference is how the kernel unpacks them (init/initramfs.c) and what rootovl(8) does
 * then.
 */
#pragma once

#include "initrd-builder/read/finding.h"
#include "src/common/failure.h"

#include <stdbool.h>
#include <stdint.h>

struct verify;

/* `found` is told every finding, in the order in which they are made. */
struct verify *verify_new(void (*found)(void *arg, const struct finding *finding), void *arg);
void verify_free(struct verify *verify);

static inline void verify_free_p(struct verify **verify)
{
	verify_free(*verify);
}
#define auto_verify __attribute__((cleanup(verify_free_p)))

/*
 * What is known besides, each given before the files. The root: whose kernels, and their
 * configurations unless one is given by itself, must suit, and which the payload meets; where it
 * has none `*ret_config` is false. The memory, in bytes, that the files may take, packed and
 * unpacked, while the kernel unpacks them. Each gives 0 or -errno.
 */
int verify_rootfs(struct verify *verify, const char *path, bool *ret_config, struct failure *f);
int verify_kernel_config(struct verify *verify, const char *path, struct failure *f);
void verify_memory(struct verify *verify, uint64_t bytes);

/* The root without its kernels: what the payload meets in it. verify_rootfs() does this too. */
int verify_root(struct verify *verify, const char *path, struct failure *f);
/* The same, of an open directory. */
int verify_root_at(struct verify *verify, int dir_fd, const char *shown, struct failure *f);

/* The payload table that holds where the files bring none. */
void verify_table(struct verify *verify, const char *text);

/* The units, separated by commas, that rootovl.enable= on the kernel line names. */
void verify_enable(struct verify *verify, const char *units);

/* The kernel line. */
void verify_cmdline(struct verify *verify, const char *line);

/*
 * Looks at the next file, which is open, from its beginning; below 0 `fd` is -errno of why it is
 * not. Gives 0, whatever was found, or -errno where it cannot be read.
 */
int verify_file(struct verify *verify, const char *path, int fd, struct failure *f);

/* After the last file: what only all of them together show. */
void verify_end(struct verify *verify);

/* Is this file, by a path without a slash in front, there when the files so far are unpacked? */
bool verify_has(const struct verify *verify, const char *path);

/* Is this a directory with something in it? By a path as above. */
bool verify_has_within(const struct verify *verify, const char *path);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `initrd-builder pack`, `rootfs`, `cat`: initrds made of directories, of a whole root, of other
 * initrds. Each puts the file in its place when it is whole, shows a line, and gives 0 or -errno.
 */
#pragma once

#include "src/common/failure.h"

/* All in each directory, and each file by its own name, below `prefix` (NULL: the top). */
int pack_paths(char *const *paths, const char *prefix, const char *output, struct failure *f);

/* A root file system, to be started by rdinit=/sbin/init; -ENOEXEC: it has no such program. */
int pack_rootfs(const char *path, const char *output, struct failure *f);

/*
 * Files one behind the other. Between two are four to seven zero bytes: an archive must begin at a
 * multiple of four (init/initramfs.c), and legacy lz4 ends with four zero bytes where the file goes
 * on (lib/decompress_unlz4.c).
 */
int pack_concatenate(char *const *paths, const char *output, struct failure *f);

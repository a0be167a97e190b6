/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an image was made from: a text in the image (KERNEL_RECORD), which `inspect` shows, and
 * beside it, with what came of it, as initramfs.lkp-<kver>.from. An image is current when the same
 * text comes of what is there now, and nobody changed the files since.
 */
#pragma once

#include "initrd-builder/build/containers.h"
#include "initrd-builder/build/features.h"
#include "initrd-builder/root/kernels.h"

#include <stdbool.h>

/*
 * How a kernel's modules and the root's firmware look (names, sizes, times), as a digest; the
 * caller's.
 */
int record_tree(const struct rootfs *root, const char *version, char **ret, struct failure *f);

/*
 * The text: our version and lists, where the userspace is from and its key, the kernel with its
 * compression, and a digest of how its modules and the root's firmware look (names, sizes, times).
 * `lists` is a digest of our own files that the kernel's half is made by; `with` is what was asked
 * for. The caller's.
 */
int record_text(const struct rootfs *root, const struct kernel *kernel,
		const struct container *container, const char *userspace_key, const char *lists,
		features with, char **ret, struct failure *f);

/* Are the image and the archive of modules in this directory what this text, and no other, made? */
bool record_is_current(int dir_fd, const char *version, const char *text);

/* Writes it down beside the files, which are there. */
int record_write(int dir_fd, const char *dir, const char *version, const char *text,
		 struct failure *f);

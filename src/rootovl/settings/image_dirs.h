/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Directories of the initramfs that its programs go through, and not only root's: networkd, dbus
 * and others are users of their own. An archive that has an entry for one changes its owner and
 * mode. Pure.
 */
#pragma once

struct image_dir {
	const char *pattern; /* as of glob(7); a * does not match a slash */
	unsigned mode;	     /* that it has to have; its owner is root */
};

/* Ends with a row without a pattern. Of two rows that match, the first counts. */
extern const struct image_dir image_dirs[];

/* The row of a clean path ("/" is the top); NULL: no program of the image needs this directory, or
 * it is for root alone. */
const struct image_dir *image_dirs_find(const char *path);

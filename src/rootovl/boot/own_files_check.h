/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * Compares the files of the image that a boot rests on with the image's record of them, in the
 * initramfs whose directory this is. Returns a warning that names those which a later initrd
 * replaced, owned by the caller; NULL where there are none, or no record.
 */
char *own_files_check(int dir);

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ROOTOVL_BLOCK_H
#define ROOTOVL_BLOCK_H

/*
 * What libblkid finds on an open block device or image, "ext4"; the caller's. NULL: nothing, or
 * things that contradict one another.
 */
char *block_type(int fd);

#endif

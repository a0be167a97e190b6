/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file systems of the kernel, as the first process finds none of them. */
#pragma once

#include <stdbool.h>

/* Mounts /proc and /run: what the command line is read from. */
void filesystems_begin(void);

/* Takes both away again, so that systemd finds what it always finds. */
void filesystems_end(void);

/* Mounts the others, /sys and /dev, and makes the links of /dev that programs expect. */
void filesystems_complete(void);

/*
 * Did an initrd bring units into the initramfs for its systemd to start? The image itself has
 * no link in /etc/systemd/system but that of rootovl.service.
 */
bool filesystems_have_units(void);

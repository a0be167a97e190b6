// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ROOTOVL_READAHEAD_H
#define ROOTOVL_READAHEAD_H

/*
 * Makes the read-ahead of the CIFS mount that was made last what the kernel's own default is, 128
 * KiB. Linux takes twice rsize= for it, 2 MiB as a rule: of each library that a boot touches nearly
 * all is then fetched (Documentation/ABI/testing/sysfs-class-bdi). Nothing is done where the kernel
 * has no such setting.
 */
void readahead_of_cifs(void);

#endif

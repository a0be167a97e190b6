/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ROOTOVL_KERNEL_LOG_H
#define ROOTOVL_KERNEL_LOG_H

/*
 * The first message of the kernel that begins with `start`, as far as its log still has it
 * (/dev/kmsg, Documentation/ABI/testing/dev-kmsg); the caller's, NULL where there is none.
 */
char *kernel_log_find(const char *start);

#endif

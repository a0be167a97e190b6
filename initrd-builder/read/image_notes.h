/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files in which an image says how it was made. */
#pragma once

/* What the image was made from, see build/record.h. */
#define KERNEL_RECORD "usr/lib/rootovl/built-from"

/* What the making of its userspace said about it, in lines. */
#define USERSPACE_NOTES "usr/lib/rootovl/userspace-notes"

/* CRC-32 and size of the libcrypto that the image has a stub of; by libcrypto-stub.sh. */
#define STUB_NOTE "usr/lib/rootovl/libcrypto"

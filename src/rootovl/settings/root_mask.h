/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hiding the passwords in what is printed. Pure. */
#ifndef ROOTOVL_ROOT_MASK_H
#define ROOTOVL_ROOT_MASK_H

/* The value of a parameter as it may be printed: passwords become "***"; owned by the caller. */
char *root_mask(const char *value);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hiding the passwords in what is printed. Pure. */
#pragma once

/* The value of a parameter as it may be printed: passwords become "***"; owned by the caller. */
char *root_mask(const char *value);

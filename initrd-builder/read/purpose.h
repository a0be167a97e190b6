/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a segment is for, guessed from the names in it. */
#pragma once

#include "src/common/macro.h"

#include <stdbool.h>

struct purpose;

struct purpose *purpose_new(void);
void purpose_free(struct purpose *purpose);

/* Takes note of one name, clean as path_clean() gives it; `file`: it is neither directory nor link.
 */
void purpose_add(struct purpose *purpose, const char *path, bool file);

/* "initramfs with rootovl, modules of 6.1.0-56-amd64"; owned by the caller. */
char *purpose_text(const struct purpose *purpose);

/* Is it the image that the kernel starts /init of? */
bool purpose_is_image(const struct purpose *purpose);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules about one entry, given what those before it have made. */
#pragma once

#include "initrd-builder/read/verify_state.h"

/* Checks the next entry. Returns 0, or -ECANCELED where there are too many. */
int verify_entry(struct verify *verify, const struct cpio_entry *entry);

/* Is the tree exhausted? Then nothing is read on; that is told once. */
bool verify_is_endless(struct verify *verify);

/* Takes the next `n` bytes of its contents. */
void verify_entry_content(struct verify *verify, const void *data, size_t n);

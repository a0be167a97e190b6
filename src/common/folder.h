/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening a folder once, so that its name need not be asked again: it may be another's by then. */
#pragma once

#include "src/common/failure.h"

/*
 * Opens a folder for reading. No step of its path may be a link. Each folder above it must belong
 * to root or to the caller, and nobody else may write to it, unless it is sticky: who may write to
 * a step can put another folder in the place of the next one. Who owns the folder itself is left to
 * the caller. *ret is the caller's. Returns 0, -ELOOP for a link, -EPERM for such a step, or
 * -errno.
 */
int folder_open(const char *path, int *ret, struct failure *f);

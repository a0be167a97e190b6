/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens a folder once. Its name is not resolved again, because it may lead to another folder later.
 */
#pragma once

#include "src/common/failure.h"

/*
 * Opens a folder for reading, and stores its descriptor in *ret, which the caller closes. No part
 * of the path may be a link. Each folder above must belong to root or to the caller, and no other
 * user may write to it, unless it is sticky. A user with write access could replace the next part
 * of the path. The caller checks the owner of the folder itself. Returns 0, -ELOOP for a link,
 * -EPERM for a folder above that is not safe, or -errno.
 */
int folder_open(const char *path, int *ret, struct failure *f);

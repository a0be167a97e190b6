/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "initrd-builder/build/userspace.h"

/*
 * The key of a userspace: the same key, the same bytes. It is of the container, or of this
 * machine's packages and our own files; of the compression; of SOURCE_DATE_EPOCH. `ret` is the
 * caller's.
 */
int userspace_key(const struct userspace *userspace, const struct compression *compression,
		  char **ret, struct failure *f);

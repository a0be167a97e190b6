/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SOURCE_DATE_EPOCH, the time of what is made:
 * https://reproducible-builds.org/specs/source-date-epoch/ */
#pragma once

#include "src/common/failure.h"

#include <time.h>

/*
 * Gives 0 with the time that the environment says, `otherwise` where it says none; -EINVAL for what
 * is no number of seconds that a cpio archive can hold.
 */
int epoch_read(time_t otherwise, time_t *ret, struct failure *f);

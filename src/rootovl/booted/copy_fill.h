/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/command.h"

/*
 * `rootovl cache-fill`, in the booted system: makes the copy of the lower that find_copy.c looked
 * for and did not find, or checks that the one in use is still as it was made.
 */
extern const struct command command_cache_fill;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `initrd-builder watch`. */
#pragma once

#include "src/common/command.h"

extern const struct command command_watch;

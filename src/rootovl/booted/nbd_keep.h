/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `rootovl nbd-keep`: keeps a root on NBD connected in the booted system. */
#pragma once

#include "src/common/command.h"

extern const struct command command_nbd_keep;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `rootovl network`: ip= and the like become networkd's units. */
#pragma once

#include "src/common/command.h"

extern const struct command command_network;

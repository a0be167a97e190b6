/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All commands of rootovl(8). */
#pragma once

#include "src/common/command.h"

extern const struct command_program rootovl_program;

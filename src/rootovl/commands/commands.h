/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All commands of rootovl(8). */
#ifndef ROOTOVL_COMMANDS_H
#define ROOTOVL_COMMANDS_H

#include "src/common/command.h"

extern const struct command_program rootovl_program;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All commands of initrd-builder(8). */
#ifndef BUILDER_COMMANDS_H
#define BUILDER_COMMANDS_H

#include "src/common/command.h"

extern const struct command_program builder_program;

#endif

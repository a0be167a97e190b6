/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that look at initrds. */
#ifndef BUILDER_COMMANDS_READ_H
#define BUILDER_COMMANDS_READ_H

#include "src/common/command.h"

extern const struct command command_inspect, command_verify;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All commands of testbox(8). */
#pragma once

#include "src/common/command.h"

extern const struct command_program testbox_program;

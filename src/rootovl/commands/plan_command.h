/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `rootovl plan`: the plan for a kernel command line, as text. */
#pragma once

#include "src/common/command.h"

extern const struct command command_plan;

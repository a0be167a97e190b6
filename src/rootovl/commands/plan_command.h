/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `rootovl plan`: the plan for a kernel command line, as text. */
#ifndef ROOTOVL_PLAN_COMMAND_H
#define ROOTOVL_PLAN_COMMAND_H

#include "src/common/command.h"

extern const struct command command_plan;

#endif

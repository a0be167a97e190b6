/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that look at initrds. */
#pragma once

#include "src/common/command.h"

extern const struct command command_inspect, command_verify;

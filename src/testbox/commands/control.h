/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `testbox stop`, `list`, `log`, `console`: machines that others run. */
#pragma once

#include "src/common/command.h"

extern const struct command command_stop, command_list, command_log, command_console;

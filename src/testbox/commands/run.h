/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `testbox run`: one machine by one script; `testbox serve`: one after the other. */
#pragma once

#include "src/common/command.h"

extern const struct command command_run, command_serve;

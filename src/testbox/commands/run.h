/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `testbox run`: one machine by one script; `testbox serve`: one after the other. */
#ifndef TESTBOX_RUN_H
#define TESTBOX_RUN_H

#include "src/common/command.h"

extern const struct command command_run, command_serve;

#endif

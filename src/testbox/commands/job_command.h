/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `testbox job`: a job file, a root, and a machine that runs the one in the other. */
#pragma once

#include "src/common/command.h"

extern const struct command command_run_job;

/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/command.h"

/* `rootovl report [--json] [--svg FILE] [FILE]`, from the JSON. */
extern const struct command command_report;

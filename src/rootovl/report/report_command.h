/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ROOTOVL_REPORT_COMMAND_H
#define ROOTOVL_REPORT_COMMAND_H

#include "src/common/command.h"

/* `rootovl report [--json] [--svg FILE] [FILE]`, from the JSON. */
extern const struct command command_report;

#endif

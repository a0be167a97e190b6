/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/command.h"

/*
 * `rootovl report [--json] [--svg FILE] [FILE]` of the static program: prints the files that
 * report_files_write() made of a report.
 */
extern const struct command command_report_print;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command `report`, which two programs have: all of its row but what runs it. */
#pragma once

#include "src/common/command.h"
#include "src/rootovl/settings/paths.h"

static const struct command_option report_options[] = {
	{ "json", .help = "the report itself (" RUN_REPORT ")" },
	{ "svg", .argument = "FILE", .kind = COMMAND_FILE, .help = "draw the timeline into FILE" },
	{ 0 },
};

static const struct command_operand report_operands[] = {
	{ "FILE", .kind = COMMAND_FILE, .optional = true },
	{ 0 },
};

/* clang-format off */
#define REPORT_ROW                                                                                 \
	.name = "report",                                                                          \
	.meaning = "show how this machine's root was made",                                        \
	.synopsis = "[--json] [--svg FILE] [FILE]",                                                \
	.about = "Shows how the root of this machine was made. FILE is a report, instead of this " \
		 "machine's.",                                                                     \
	.options = report_options, .operands = report_operands,                                    \
	.exits = "Exit status: 0 shown, 1 there is no report or it cannot be read, 2 wrong usage."
/* clang-format on */

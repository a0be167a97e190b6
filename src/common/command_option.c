// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/command_option.h"

const struct command_option *command_option(const struct command *command, size_t i)
{
	static const struct command_option help[] = { { "help", 'h', .help = "this text" }, { 0 } };
	const struct command_option *const lists[] = { command->options, command->shared, help };

	for (size_t list = 0; list < ARRAY_SIZE(lists); list++)
		for (const struct command_option *row = lists[list]; row && row->name; row++)
			if (i-- == 0)
				return row;
	return NULL;
}

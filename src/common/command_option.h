/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a command, --help among them. */
#pragma once

#include "src/common/command.h"

/* The i-th of a command's options, --help being the last; NULL behind it. */
const struct command_option *command_option(const struct command *command, size_t i);

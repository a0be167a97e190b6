/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help of a program and of its commands, printed from their rows (command.h). */
#pragma once

#include "src/common/command.h"

#include <stdio.h>

/* Prints the help of one command, which users know as `title`. */
void command_help_print(FILE *out, const char *title, const struct command *command);

/* Prints the list of a program's commands. */
void command_help_program(FILE *out, const struct command_program *program);

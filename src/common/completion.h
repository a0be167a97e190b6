/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completion scripts of the shells, made from the tables of a program's commands (command.h). */
#pragma once

#include "src/common/command.h"

#include <stdio.h>

/* Prints the script for "bash", "zsh" or "fish". Returns -EINVAL for another shell. */
int completion_print(FILE *out, const struct command_program *program, const char *shell);

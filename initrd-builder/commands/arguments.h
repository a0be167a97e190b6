/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of every command that builds images. */
#pragma once

#include "initrd-builder/build/build.h"
#include "src/common/command.h"

extern const struct command_option arguments_options[];

/* Returns what those options ask for; the texts belong to the command line. */
struct build_options arguments_read(const struct command_line *line);

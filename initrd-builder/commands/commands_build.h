/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `initrd-builder build`. */
#ifndef BUILDER_COMMANDS_BUILD_H
#define BUILDER_COMMANDS_BUILD_H

#include "src/common/command.h"

extern const struct command command_build;

#endif

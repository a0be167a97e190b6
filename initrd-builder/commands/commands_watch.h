/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `initrd-builder watch`. */
#ifndef BUILDER_COMMANDS_WATCH_H
#define BUILDER_COMMANDS_WATCH_H

#include "src/common/command.h"

extern const struct command command_watch;

#endif

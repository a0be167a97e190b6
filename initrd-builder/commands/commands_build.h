/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `initrd-builder build`. */
#pragma once

#include "src/common/command.h"

extern const struct command command_build;

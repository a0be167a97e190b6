/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that make initrds, or an image of a root, of what is there. */
#pragma once

#include "src/common/command.h"

extern const struct command command_pack, command_job, command_rootfs, command_cat, command_image;

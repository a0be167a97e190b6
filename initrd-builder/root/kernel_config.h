/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration that a kernel was built with: lines "CONFIG_RD_ZSTD=y". */
#pragma once

#include "initrd-builder/root/rootfs.h"

#include <stdbool.h>

#define KERNEL_CONFIG_MAX (4 * 1024 * 1024)

/* Reads it from boot/ of the root or from beside the modules; owned; NULL: there is none. */
char *kernel_config_read(const struct rootfs *root, const char *version);

/* Returns whether an option, "CONFIG_RD_ZSTD", is built in. */
bool kernel_config_has(const char *config, const char *option);

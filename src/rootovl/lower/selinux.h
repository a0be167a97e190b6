/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Detects a root with SELinux whose files have no labels. */
#pragma once

#include "src/rootovl/newroot/newroot.h"

#include <stdbool.h>

/* Returns whether the text of /etc/selinux/config says SELINUX=enforcing. Pure. */
bool selinux_config_enforces(const char *text);

/*
 * Returns whether SELinux would refuse the services of the root: this kernel has SELinux, the root
 * enforces it, and its systemd has no label (security.selinux, selinux(8)).
 */
bool selinux_refuses(struct newroot *lower);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SELinux in a root whose files have none of its labels. */
#pragma once

#include "src/rootovl/newroot/newroot.h"

#include <stdbool.h>

/* Does a file /etc/selinux/config say SELINUX=enforcing? Pure. */
bool selinux_config_enforces(const char *text);

/*
 * Would the root's services be refused? They are where this kernel has SELinux, the root enforces
 * it, and its systemd has no label (security.selinux, selinux(8)).
 */
bool selinux_refuses(struct newroot *lower);

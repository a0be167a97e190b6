/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/testbox/plan/host.h"

#define HOSTS_DIR "/etc/testbox/hosts"

/*
 * Reads a host as host_read() does, with the file in the folder `hosts` that is there first: for
 * each of host_kinds() NAME.yaml, then NAME; else without a file, and says which were looked for.
 */
int host_find(struct host *ret, const char *name, const char *hosts, struct failure *f);

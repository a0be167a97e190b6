/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/testbox/plan/host.h"

/*
 * Reads a host as host_read() does, with the file in the folder `hosts`: NAME.yaml, else
 * MODEL.yaml, else without a file.
 */
int host_find(struct host *ret, const char *name, const char *hosts, struct failure *f);

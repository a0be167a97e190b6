/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

/*
 * Returns whether systemd runs as the manager that systemctl(1) talks to. On the short way systemd
 * does not run. The test is the manager's socket: units in /run/systemd/system may be there without
 * a manager.
 */
bool manager_runs(void);

/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

/*
 * Does systemd's manager run, which systemctl(1) could ask? On the short way it does not. Units
 * that are left for the root in /run/systemd/system say nothing about that; the manager's socket
 * does.
 */
bool manager_runs(void);

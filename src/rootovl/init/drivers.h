/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drivers for the devices of the machine, and the names of its network cards: what udev does on the
 * long way. What an image's modules do not match is left to the root's own udev.
 */
#pragma once

#include <stdbool.h>

/*
 * Starts a process that loads the drivers of all devices, of those that come later too. Returns
 * when it has been through those that are there, or after half a minute: a driver may take its
 * time. `all`: those of disks and keyboards too.
 */
void drivers_start(bool all);

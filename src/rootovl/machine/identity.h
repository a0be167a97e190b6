/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tells this machine from others at every boot. */
#pragma once

#include <stdbool.h>

/*
 * Returns a text of the firmware's UUID, its serial number, and the hardware address of the
 * interface that has `address` (numeric; "": the lowest of all cards). NULL where the machine has
 * nothing that no other machine has. The caller owns the result.
 */
char *identity_read(const char *address);

/* Is it a UUID that firmware gives to one machine, and not to all of a kind? */
bool identity_uuid_valid(const char *uuid);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Identifies this machine, with the same result at every boot. */
#pragma once

#include <stdbool.h>

/*
 * Returns a text with the UUID of the firmware, its serial number, and the hardware address of the
 * interface that has the numeric `address`. For "" it uses the lowest hardware address. Returns
 * NULL if no value is unique to this machine. The caller owns the result.
 */
char *identity_read(const char *address);

/* Returns the firmware's UUID of this machine; NULL: it has none. The caller owns the text. */
char *identity_uuid(void);

/*
 * Returns whether the UUID identifies one machine. Some firmware has the same UUID in all machines
 * of a model.
 */
bool identity_uuid_valid(const char *uuid);

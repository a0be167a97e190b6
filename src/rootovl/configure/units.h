/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Enabling systemd units in the new root, as `systemctl --root= enable` does (systemd.unit(5),
 * "[Install] section options"), without running anything.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/newroot/newroot.h"

/* Is the unit there, in any of the directories of systemd.unit(5)? Gives 1, 0 or -errno. */
int units_exists(struct newroot *nr, const char *unit);

/*
 * Enables one unit: makes the links that its [Install] section asks for (WantedBy=, RequiredBy=,
 * Alias=, Also=), or multi-user.target's wants where it has none: being named is being wanted.
 * A unit that is absent or masked is a failure that says so.
 */
int units_enable(struct newroot *nr, const char *unit, struct failure *f);

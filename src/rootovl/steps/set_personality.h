/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/* Sets the name, address and password from the medium in the root. Returns 0 or -errno. */
int step_set_personality(struct boot *boot, const struct step *step, struct failure *f);

/*
 * Writes `word` as a line to the launcher's port. Returns -ETIMEDOUT if the launcher reads nothing
 * for `ms` milliseconds; without this limit the kernel would wait forever.
 */
int personality_tell(const char *port, const char *word, unsigned ms, struct failure *f);

/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/plan/boot_state.h"
#include "src/rootovl/plan/step.h"

/* Gives the root the name, address and password of the medium. Returns 0 or -errno. */
int step_set_personality(struct boot *boot, const struct step *step, struct failure *f);

/*
 * Writes the word, a line, to the launcher's port. -ETIMEDOUT: the launcher reads nothing for `ms`
 * milliseconds; without a limit the kernel would wait for it for ever.
 */
int personality_tell(const char *port, const char *word, unsigned ms, struct failure *f);

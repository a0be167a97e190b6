/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a scheduler sends in a jail (jail.h): it is a stranger's text. */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/plan/boot_script.h"
#include "src/testbox/plan/variables.h"
#include "src/testbox/scheduler/frame.h"

#include <signal.h>

/* As script_read(), of a script with this name for people. -EINTR once *stop is not 0. */
int script_jail_read(const char *text, const char *shown, const char *base,
		     struct variables *variables, const volatile sig_atomic_t *stop,
		     struct boot_script *ret, struct failure *f);

/* As frame_read(). */
int script_jail_frame(const char *data, size_t len, const volatile sig_atomic_t *stop,
		      struct frame *ret, struct failure *f);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets the clock forward. A machine with a dead battery starts in 1970, and then no certificate is
 * valid. The new time is certainly in the past; NTP corrects the clock later if the root runs it.
 */
#pragma once

#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/report/report.h"

#include <stdint.h>

/* The time before the clock was set, in seconds since 1970; 0 if it was not set. */
struct least_clock {
	int64_t was;
};

/*
 * Sets the clock to the build time of the image and its kernel, unless it is later. TLS downloads
 * need this.
 */
void least_clock_of_image(struct least_clock *clock);

/*
 * Sets the clock to the time of the newest of some files of the root, unless it is later. Records
 * the change in the report, with a warning if the clock was a day or more behind.
 */
void least_clock_of_root(struct least_clock *clock, struct newroot *nr, struct report *report);

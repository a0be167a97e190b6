/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine whose battery is dead begins in 1970, and then no certificate is valid. The clock is
 * set forward to a time that is surely past; NTP does the rest, where there is any.
 */
#pragma once

#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/report/report.h"

#include <stdint.h>

/* What the clock said before it was set, in seconds; 0: it was not set. */
struct least_clock {
	int64_t was;
};

/* Sets it to when the image and its kernel were made, if it says less. For fetching by TLS. */
void least_clock_of_image(struct least_clock *clock);

/*
 * Sets it to the time of the newest of some files of the root, if it says less. What was done is in
 * the report, with a warning if the clock was a day behind or more.
 */
void least_clock_of_root(struct least_clock *clock, struct newroot *nr, struct report *report);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rootovl.report=: the report goes to a server of the farm. */
#pragma once

#include <stdbool.h>

/*
 * Posts RUN_REPORT to the URL `url` (report_place.h), with the machine's address, MAC and UUID
 * added. NULL: does nothing. A child process does it, because a name's lookup cannot be
 * interrupted. `failed`: the boot has failed, so retry for some seconds; otherwise the boot waits
 * for one second at most. What goes wrong is one warning, and never fails a boot.
 */
void report_send(const char *url, bool failed);

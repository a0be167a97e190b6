// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/commands/run_end.h"

#include "src/common/log.h"
#include "src/common/mem.h"

#include <stdlib.h>

/* Owned. */
static char *how_it_ended(const struct run_result *result, bool results)
{
	if (result->reason || !results)
		return xstrdup("ended");
	if (result->status < 0)
		return xstrdup("ended without a status of the job: it vanished");
	if (result->status > 0)
		return xasprintf("failed with status %d", result->status);
	return xstrdup("finished");
}

void run_end_tell(const struct run_ended *end, const struct run_result *result, int code)
{
	auto_free char *how = how_it_ended(result, end->results);

	log_line(code ? LOG_ERR : LOG_NOTICE,
		 "testbox: %s: %s%s%s %s after %u s%s%s (testbox log %s)", end->name,
		 result->reason ? result->reason : "", result->reason ? "; " : "", end->what, how,
		 end->seconds, end->results ? ", results in " : "",
		 end->results ? end->results : "", end->name);
}

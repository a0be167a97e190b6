// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/run_result.h"

#include <stdlib.h>

void run_result_done(struct run_result *result)
{
	free(result->reason);
	*result = (struct run_result){ 0 };
}

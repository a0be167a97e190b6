// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/epoch.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int epoch_read(time_t otherwise, time_t *ret, struct failure *f)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	unsigned long long seconds;

	if (!text) {
		*ret = otherwise;
		return 0;
	}
	errno = 0;
	seconds = strtoull(text, NULL, 10);
	if (!*text || text[strspn(text, "0123456789")] || errno || seconds > UINT32_MAX)
		return fail(f, EINVAL, "seconds since 1970, as date +%s has them",
			    "SOURCE_DATE_EPOCH: \"%s\" is no time", text);
	*ret = (time_t)seconds;
	return 0;
}

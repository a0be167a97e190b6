// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/least_time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define RELEASED INT64_C(1793491200) /* 2026-11-01 */
#define TRUSTED	 (INT64_C(10) * 366 * 86400)

static int month_of(const char *name)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *found = strlen(name) == 3 ? strstr(months, name) : NULL;

	return found && (found - months) % 3 == 0 ? (int)(found - months) / 3 : -1;
}

/* Of fields that may be anything: 0 for what is no date. */
static int64_t time_of(struct tm *date)
{
	if (date->tm_year < 2000 || date->tm_year > 2999 || date->tm_mon < 0 || date->tm_mon > 11 ||
	    date->tm_mday < 1 || date->tm_mday > 31)
		return 0;
	date->tm_year -= 1900;
	return (int64_t)timegm(date);
}

int64_t least_time_of_kernel(const char *version)
{
	for (const char *c = version; c; c = strchr(c + 1, ' ')) {
		struct tm date = { 0 };
		char month[4];

		c += *c == ' ';
		if (sscanf(c, "(%4d-%2d-%2d)", &date.tm_year, &date.tm_mon, &date.tm_mday) == 3) {
			date.tm_mon--;
			return time_of(&date);
		}
		if (sscanf(c, "%3s %2d %*2d:%*2d:%*2d %*s %4d", month, &date.tm_mday,
			   &date.tm_year) == 3 &&
		    month_of(month) >= 0) {
			date.tm_mon = month_of(month);
			return time_of(&date);
		}
		if (!*c)
			break;
	}
	return 0;
}

size_t least_time_choose(const int64_t *times, size_t n, int64_t built)
{
	int64_t limit = (built > RELEASED ? built : RELEASED) + TRUSTED;
	size_t best = n;

	for (size_t i = 0; i < n; i++)
		if (times[i] > 0 && times[i] <= limit && (best == n || times[i] > times[best]))
			best = i;
	return best;
}

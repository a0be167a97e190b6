// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/url_query.h"

#include "src/common/mem.h"

#include <string.h>

char *url_query_shown(const char *query)
{
	auto_strv char **fields = strv_split(query, "&"), **shown = NULL;

	for (char **field = fields; field && *field; field++) {
		const char *equals = strchr(*field, '=');

		/* Without a name all of it is a value; base64 may end with "=". */
		if (equals && !equals[strspn(equals, "=")])
			equals = NULL;
		strv_add(&shown,
			 xasprintf("%.*s***", equals ? (int)(equals + 1 - *field) : 0, *field));
	}
	return strv_join(shown, "&");
}

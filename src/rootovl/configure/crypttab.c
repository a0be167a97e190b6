// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/crypttab.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/fstab.h"

#include <errno.h>
#include <string.h>

#define BLANKS " \t\r"

int crypttab_safe_text(const char *text, char ***names, char **ret)
{
	auto_free char *safe = NULL;
	size_t size, len;
	FILE *out = open_memstream(&safe, &size);
	bool failed;

	if (!out)
		return -ENOMEM;
	for (const char *line = text; *line; line += len) {
		const char *name = line + strspn(line, BLANKS);

		len = strcspn(line, "\n");
		len += line[len] == '\n';
		if (*name && *name != '\n' && *name != '#') {
			fputs(FSTAB_MARK, out);
			strv_add(names, xstrndup(name, strcspn(name, BLANKS "\n")));
		}
		fwrite(line, 1, len, out);
	}
	failed = ferror(out);
	if (fclose(out) != 0 || failed)
		return -ENOMEM;
	*ret = strcmp(text, safe) != 0 ? STEAL(safe) : NULL;
	return 0;
}

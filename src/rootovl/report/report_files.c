// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/report/report_files.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/report/report_svg.h"
#include "src/rootovl/report/report_text.h"

#include <errno.h>
#include <unistd.h>

static int write_shown(const json_t *json, void (*show)(const json_t *report, FILE *out), int dir,
		       const char *path, unsigned mode, struct failure *f)
{
	auto_free char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int r;

	if (!out)
		return fail_errno(f, errno, NULL, "%s", path);
	show(json, out);
	if (fclose(out) != 0)
		return fail_errno(f, errno, NULL, "%s", path);
	r = file_write(dir, path, text, mode);
	return r < 0 ? fail_errno(f, -r, NULL, "%s", path) : 0;
}

int report_files_show(const struct report *report, int dir, const char *name, unsigned mode,
		      struct failure *f)
{
	auto_free char *text = xasprintf("%s.txt", name);
	auto_free char *svg = xasprintf("%s.svg", name);
	int r = write_shown(report->json, report_text, dir, text, mode, f);

	return r < 0 ? r : write_shown(report->json, report_svg, dir, svg, mode, f);
}

int report_files_write(const struct report *report, int dir, const char *name, unsigned mode,
		       struct failure *f)
{
	auto_free char *json = xasprintf("%s.json", name);
	int r = report_save(report, dir, json, mode, f);

	return r < 0 ? r : report_files_show(report, dir, name, mode, f);
}

void report_files_remove(int dir, const char *name)
{
	static const char *const endings[] = { "json", "txt", "svg" };

	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		auto_free char *path = xasprintf("%s.%s", name, endings[i]);

		unlinkat(dir, path, 0);
	}
}

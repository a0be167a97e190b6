// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/report/report_command.h"

#include "src/common/json.h"
#include "src/rootovl/report/report.h"
#include "src/rootovl/report/report_rows.h"
#include "src/rootovl/report/report_svg.h"
#include "src/rootovl/report/report_text.h"

#include <errno.h>

static int draw_to(const json_t *json, const char *path, struct failure *f)
{
	auto_fclose FILE *out = fopen(path, "we");

	if (!out)
		return fail_errno(f, errno, NULL, "%s", path);
	report_svg(json, out);
	return fflush(out) == 0 ? 0 : fail_errno(f, errno, NULL, "%s", path);
}

static int run(const struct command_line *line)
{
	const char *svg = command_value(line, "svg");
	bool as_json = command_value(line, "json");
	auto_failure struct failure f = { 0 };
	auto_json json_t *json = NULL;
	int r = 0;

	if (report_load(line->n_operands ? line->operands[0] : RUN_REPORT, &json, &f) < 0)
		return command_failed(&f);
	if (svg)
		r = draw_to(json, svg, &f) < 0 ? command_failed(&f) : 0;
	if (as_json)
		r |= json_dumpf(json, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII) < 0 ||
		     fputc('\n', stdout) < 0;
	else if (!svg)
		report_text(json, stdout);
	return r;
}

const struct command command_report = { REPORT_ROW, .run = run };

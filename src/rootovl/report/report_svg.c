// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/report/report_svg.h"

#include "src/common/mem.h"
#include "src/common/one_line.h"
#include "src/rootovl/report/report_json.h"

#include <string.h>

/* Writes a text without control characters, which XML does not allow even as numbers. */
static void put_xml(const char *any, FILE *out)
{
	auto_free char *line = one_line_of(any);

	for (const char *text = line; *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

#define BAR_LEFT   190 /* where the time axis begins, in pixels */
#define BAR_WIDTH  560
#define BAR_HEIGHT 22

static void draw_bar(const char *label, const char *detail, double start, double length, double end,
		     size_t row, const char *colour, FILE *out)
{
	double y = 40 + (double)row * BAR_HEIGHT, scale = BAR_WIDTH / end;

	fprintf(out, "<g><title>");
	put_xml(detail, out);
	fprintf(out, "</title><text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">", BAR_LEFT - 8,
		y + 14);
	put_xml(label, out);
	fprintf(out,
		"</text><rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"16\" fill=\"%s\"/>"
		"<text x=\"%.1f\" y=\"%.0f\">%.2f s</text></g>\n",
		BAR_LEFT + start * scale, y, length * scale > 1 ? length * scale : 1, colour,
		BAR_LEFT + (start + length) * scale + 5, y + 14, length);
}

void report_svg(const json_t *json, FILE *out)
{
	const json_t *steps = json_object_get(json, "steps"), *step;
	double start = report_json_seconds(json, "start_ms"),
	       end = start + report_json_seconds(json, "length_ms");
	size_t i, rows = json_array_size(steps) + 1;

	if (end <= 0)
		end = 1;
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" "
		"font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
		"<text x=\"10\" y=\"20\" font-size=\"14\">rootovl: root ",
		BAR_LEFT + BAR_WIDTH + 70, 50 + rows * BAR_HEIGHT);
	put_xml(report_json_text(json, NULL, "result"), out);
	fprintf(out, " after %.2f s: ", end);
	put_xml(report_json_text(json, "lower", "what"), out);
	fputs("</text>\n", out);
	draw_bar("kernel, initramfs", "from the kernel's start to rootovl's", 0, start, end, 0,
		 "#bbb", out);
	json_array_foreach (steps, i, step)
		draw_bar(report_json_text(step, NULL, "step"),
			 report_json_text(step, NULL, "object"),
			 report_json_seconds(step, "start_ms"),
			 report_json_seconds(step, "length_ms"), end, i + 1,
			 strcmp(report_json_text(step, NULL, "result"), "done") == 0 ? "#4878a8"
										     : "#c0392b",
			 out);
	fputs("</svg>\n", out);
}

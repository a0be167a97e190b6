// SPDX-License-Identifier: GPL-2.0-or-later
/* Showing the boot report: as text, as a picture, and the subcommand `report`. */
#include "src/rootovl/machine/report.h"

#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <string.h>

/* A member's text; "" where there is none: a report may be of a boot that ended early. */
static const char *get(const json_t *json, const char *section, const char *name)
{
	const char *value = json_string_value(
		json_object_get(section ? json_object_get(json, section) : json, name));

	return value ? value : "";
}

static double seconds(const json_t *json, const char *name)
{
	return (double)json_integer_value(json_object_get(json, name)) / 1000;
}

static long long number(const json_t *json, const char *section, const char *name)
{
	return json_integer_value(json_object_get(json_object_get(json, section), name));
}

static void show_list(const json_t *json, const char *name, const char *label, FILE *out)
{
	const json_t *list = json_object_get(json, name), *item;
	size_t i;

	json_array_foreach (list, i, item) {
		const char *value = json_string_value(item);

		fprintf(out, "%-9s %s\n", i ? "" : label, value ? value : "");
	}
}

static void show_steps(const json_t *json, FILE *out)
{
	const json_t *step;
	size_t i;

	fputs("\n    start   length  step\n", out);
	json_array_foreach (json_object_get(json, "steps"), i, step)
		fprintf(out, "%7.2f s %6.2f s  %-16s %s%s%s\n", seconds(step, "start_ms"),
			seconds(step, "length_ms"), get(step, NULL, "step"),
			get(step, NULL, "object"),
			strcmp(get(step, NULL, "result"), "done") != 0 ? "  -> " : "",
			strcmp(get(step, NULL, "result"), "done") != 0 ? get(step, NULL, "result")
								       : "");
}

/* Of a boot that failed: what was to be done, for who sits before its shell. */
static void show_plan(const json_t *json, FILE *out)
{
	const char *plan = get(json, NULL, "plan");

	if (strcmp(get(json, NULL, "result"), "failed") != 0 || !*plan)
		return;
	fputs("\nthe plan was\n", out);
	while (*plan) {
		size_t len = strcspn(plan, "\n");

		fprintf(out, "    %.*s\n", (int)len, plan);
		plan += len + (plan[len] == '\n');
	}
}

void report_show(const json_t *json, FILE *out)
{
	fprintf(out, "root      %s, %.2f s after %.2f s of kernel and initramfs\n",
		get(json, NULL, "result"), seconds(json, "length_ms"), seconds(json, "start_ms"));
	if (*get(json, "failure", "what")) {
		fprintf(out, "failed    %s: %s\n", get(json, "failure", "step"),
			get(json, "failure", "what"));
		if (*get(json, "failure", "hint"))
			fprintf(out, "look at   %s\n", get(json, "failure", "hint"));
	}
	if (*get(json, "lower", "what"))
		fprintf(out, "lower     %s\n          %s\n", get(json, "lower", "what"),
			get(json, "lower", "options"));
	if (number(json, "lower", "memory"))
		fprintf(out, "          %.1f MiB of memory\n",
			(double)number(json, "lower", "memory") / (1 << 20));
	if (*get(json, "upper", "what"))
		fprintf(out, "upper     %s, %.1f GiB, %lld inodes\n", get(json, "upper", "what"),
			(double)number(json, "upper", "bytes") / (1 << 30),
			number(json, "upper", "inodes"));
	if (json_object_get(json, "payload"))
		fprintf(out,
			"payload   %lld files of %.1f MiB, %lld links and devices, %lld "
			"directories, %lld replaced\n",
			number(json, "payload", "files"),
			(double)number(json, "payload", "bytes") / (1 << 20),
			number(json, "payload", "others"), number(json, "payload", "directories"),
			number(json, "payload", "replaced"));
	if (number(json, "payload", "xattrs_skipped"))
		fprintf(out, "          %lld extended attributes that the upper cannot hold\n",
			number(json, "payload", "xattrs_skipped"));
	if (number(json, "before", "failed"))
		fprintf(out, "before    failed boots before this one: %lld; the last: %s\n",
			number(json, "before", "failed"), get(json, "before", "last"));
	show_list(json, "units", "units", out);
	show_list(json, "warnings", "warnings", out);
	show_plan(json, out);
	show_steps(json, out);
}

static void put_xml(const char *text, FILE *out)
{
	for (; *text; text++) {
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

void report_draw(const json_t *json, FILE *out)
{
	const json_t *steps = json_object_get(json, "steps"), *step;
	double start = seconds(json, "start_ms"), end = start + seconds(json, "length_ms");
	size_t i, rows = json_array_size(steps) + 1;

	if (end <= 0)
		end = 1;
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" "
		"font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
		"<text x=\"10\" y=\"20\" font-size=\"14\">rootovl: root ",
		BAR_LEFT + BAR_WIDTH + 70, 50 + rows * BAR_HEIGHT);
	put_xml(get(json, NULL, "result"), out);
	fprintf(out, " after %.2f s: ", end);
	put_xml(get(json, "lower", "what"), out);
	fputs("</text>\n", out);
	draw_bar("kernel, initramfs", "from the kernel's start to rootovl's", 0, start, end, 0,
		 "#bbb", out);
	json_array_foreach (steps, i, step)
		draw_bar(get(step, NULL, "step"), get(step, NULL, "object"),
			 seconds(step, "start_ms"), seconds(step, "length_ms"), end, i + 1,
			 strcmp(get(step, NULL, "result"), "done") == 0 ? "#4878a8" : "#c0392b",
			 out);
	fputs("</svg>\n", out);
}

static int draw_to(const json_t *json, const char *path, struct failure *f)
{
	auto_fclose FILE *out = fopen(path, "we");

	if (!out)
		return fail_errno(f, errno, NULL, "%s", path);
	report_draw(json, out);
	return fflush(out) == 0 ? 0 : fail_errno(f, errno, NULL, "%s", path);
}

static int run(const struct command_line *line)
{
	const char *svg = command_value(line, "svg");
	bool as_json = command_value(line, "json");
	auto_failure struct failure f = { 0 };
	json_t *json;
	int r = 0;

	if (report_load(line->n_operands ? line->operands[0] : RUN_REPORT, &json, &f) < 0)
		return command_failed(&f);
	if (svg)
		r = draw_to(json, svg, &f) < 0 ? command_failed(&f) : 0;
	if (as_json)
		r |= json_dumpf(json, stdout, JSON_INDENT(2)) < 0 || putchar('\n') < 0;
	else if (!svg)
		report_show(json, stdout);
	json_decref(json);
	return r;
}

const struct command command_report = {
	.name = "report",
	.meaning = "show how this machine's root was made",
	.synopsis = "[--json] [--svg FILE] [FILE]",
	.about = "Shows how the root of this machine was made. FILE is a report, in place of this "
		 "machine's.",
	.options =
		(const struct command_option[]){
			{ "json", .help = "the report itself (" RUN_REPORT ")" },
			{ "svg", .argument = "FILE", .kind = COMMAND_FILE,
			  .help = "draw the timeline into FILE" },
			{ 0 } },
	.operands =
		(const struct command_operand[]){
			{ "FILE", .kind = COMMAND_FILE, .optional = true }, { 0 } },
	.exits = "Exit status: 0 shown, 1 there is no report or it cannot be read, 2 wrong usage.",
	.run = run,
};

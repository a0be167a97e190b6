// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/report/report_text.h"

#include "src/rootovl/report/report_json.h"

#include <string.h>

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
		fprintf(out, "%7.2f s %6.2f s  %-16s %s%s%s\n",
			report_json_seconds(step, "start_ms"),
			report_json_seconds(step, "length_ms"),
			report_json_text(step, NULL, "step"),
			report_json_text(step, NULL, "object"),
			strcmp(report_json_text(step, NULL, "result"), "done") != 0 ? "  -> " : "",
			strcmp(report_json_text(step, NULL, "result"), "done") != 0
				? report_json_text(step, NULL, "result")
				: "");
}

/* The plan of a boot that failed, for the emergency shell. */
static void show_plan(const json_t *json, FILE *out)
{
	const char *plan = report_json_text(json, NULL, "plan");

	if (strcmp(report_json_text(json, NULL, "result"), "failed") != 0 || !*plan)
		return;
	fputs("\nthe plan was\n", out);
	while (*plan) {
		size_t len = strcspn(plan, "\n");

		fprintf(out, "    %.*s\n", (int)len, plan);
		plan += len + (plan[len] == '\n');
	}
}

/* What the network said, and what became of it. */
static void show_names(const json_t *json, FILE *out)
{
	const char *search = report_json_text(json, "names", "search");
	const char *servers = report_json_text(json, "names", "servers");
	const char *conf = report_json_text(json, "names", "resolv_conf");

	if (*report_json_text(json, "names", "host"))
		fprintf(out, "host      %s (%s)\n", report_json_text(json, "names", "host"),
			report_json_text(json, "names", "host_from"));
	if (*servers)
		fprintf(out, "names     %s%s%s; /etc/resolv.conf: %s\n", servers,
			*search ? ", search " : "", search, conf);
	if (*report_json_text(json, "names", "time_servers"))
		fprintf(out, "time      from %s\n",
			report_json_text(json, "names", "time_servers"));
}

void report_text(const json_t *json, FILE *out)
{
	fprintf(out, "root      %s, %.2f s after %.2f s of kernel and initramfs\n",
		report_json_text(json, NULL, "result"), report_json_seconds(json, "length_ms"),
		report_json_seconds(json, "start_ms"));
	if (*report_json_text(json, "failure", "what")) {
		fprintf(out, "failed    %s: %s\n", report_json_text(json, "failure", "step"),
			report_json_text(json, "failure", "what"));
		if (*report_json_text(json, "failure", "hint"))
			fprintf(out, "look at   %s\n", report_json_text(json, "failure", "hint"));
	}
	if (*report_json_text(json, "lower", "what"))
		fprintf(out, "lower     %s\n          %s\n",
			report_json_text(json, "lower", "what"),
			report_json_text(json, "lower", "options"));
	if (number(json, "lower", "memory"))
		fprintf(out, "          %.1f MiB of memory\n",
			(double)number(json, "lower", "memory") / (1 << 20));
	if (*report_json_text(json, "upper", "what"))
		fprintf(out, "upper     %s, %.1f GiB, %lld inodes\n",
			report_json_text(json, "upper", "what"),
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
	if (*report_json_text(json, "clock", "was"))
		fprintf(out, "clock     %s, was %s\n", report_json_text(json, "clock", "set_to"),
			report_json_text(json, "clock", "was"));
	show_names(json, out);
	if (number(json, "before", "failed"))
		fprintf(out, "before    failed boots before this one: %lld; the last: %s\n",
			number(json, "before", "failed"), report_json_text(json, "before", "last"));
	show_list(json, "units", "units", out);
	show_list(json, "disabled", "disabled", out);
	if (*report_json_text(json, NULL, "machine_id"))
		fprintf(out, "identity  %s\n", report_json_text(json, NULL, "machine_id"));
	show_list(json, "warnings", "warnings", out);
	show_plan(json, out);
	show_steps(json, out);
}

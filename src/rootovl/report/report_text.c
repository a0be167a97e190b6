// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/report/report_text.h"

#include "src/common/one_line.h"
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

		one_line_print(out, "%-9s %s", i ? "" : label, value ? value : "");
	}
}

static void show_steps(const json_t *json, FILE *out)
{
	const json_t *step;
	size_t i;

	fputs("\n    start   length  step\n", out);
	json_array_foreach (json_object_get(json, "steps"), i, step)
		one_line_print(
			out, "%7.2f s %6.2f s  %-16s %s%s%s", report_json_seconds(step, "start_ms"),
			report_json_seconds(step, "length_ms"),
			report_json_text(step, NULL, "step"),
			report_json_text(step, NULL, "object"),
			strcmp(report_json_text(step, NULL, "result"), "done") != 0 ? "  -> " : "",
			strcmp(report_json_text(step, NULL, "result"), "done") != 0
				? report_json_text(step, NULL, "result")
				: "");
}

/* Shows the plan of a failed boot, for the emergency shell. */
static void show_plan(const json_t *json, FILE *out)
{
	const char *plan = report_json_text(json, NULL, "plan");

	if (strcmp(report_json_text(json, NULL, "result"), "failed") != 0 || !*plan)
		return;
	fputs("\nthe plan was\n", out);
	while (*plan) {
		size_t len = strcspn(plan, "\n");

		one_line_print(out, "    %.*s", (int)len, plan);
		plan += len + (plan[len] == '\n');
	}
}

/* Shows the names from the network, and how they were used. */
static void show_names(const json_t *json, FILE *out)
{
	const char *search = report_json_text(json, "names", "search");
	const char *servers = report_json_text(json, "names", "servers");
	const char *conf = report_json_text(json, "names", "resolv_conf");

	if (*report_json_text(json, "names", "host"))
		one_line_print(out, "host      %s (%s)", report_json_text(json, "names", "host"),
			       report_json_text(json, "names", "host_from"));
	if (*servers)
		one_line_print(out, "names     %s%s%s; /etc/resolv.conf: %s", servers,
			       *search ? ", search " : "", search, conf);
	if (*report_json_text(json, "names", "time_servers"))
		one_line_print(out, "time      from %s",
			       report_json_text(json, "names", "time_servers"));
}

void report_text(const json_t *json, FILE *out)
{
	one_line_print(out, "root      %s, %.2f s after %.2f s of kernel and initramfs",
		       report_json_text(json, NULL, "result"),
		       report_json_seconds(json, "length_ms"),
		       report_json_seconds(json, "start_ms"));
	if (*report_json_text(json, "failure", "what")) {
		one_line_print(out, "failed    %s: %s", report_json_text(json, "failure", "step"),
			       report_json_text(json, "failure", "what"));
		if (*report_json_text(json, "failure", "hint"))
			one_line_print(out, "look at   %s",
				       report_json_text(json, "failure", "hint"));
	}
	if (*report_json_text(json, "lower", "what")) {
		one_line_print(out, "lower     %s", report_json_text(json, "lower", "what"));
		one_line_print(out, "          %s", report_json_text(json, "lower", "options"));
	}
	if (*report_json_text(json, "lower", "verity"))
		one_line_print(out, "          checked as it is read, root hash %s",
			       report_json_text(json, "lower", "verity"));
	if (number(json, "lower", "memory"))
		one_line_print(out, "          %.1f MiB of memory",
			       (double)number(json, "lower", "memory") / (1 << 20));
	if (*report_json_text(json, "upper", "what"))
		one_line_print(out, "upper     %s, %.1f GiB, %lld inodes",
			       report_json_text(json, "upper", "what"),
			       (double)number(json, "upper", "bytes") / (1 << 30),
			       number(json, "upper", "inodes"));
	if (json_object_get(json, "payload"))
		one_line_print(out,
			       "payload   %lld files of %.1f MiB, %lld links and devices, %lld "
			       "directories, %lld replaced",
			       number(json, "payload", "files"),
			       (double)number(json, "payload", "bytes") / (1 << 20),
			       number(json, "payload", "others"),
			       number(json, "payload", "directories"),
			       number(json, "payload", "replaced"));
	if (number(json, "payload", "xattrs_skipped"))
		one_line_print(out, "          %lld extended attributes that the upper cannot hold",
			       number(json, "payload", "xattrs_skipped"));
	if (*report_json_text(json, "clock", "was"))
		one_line_print(out, "clock     %s, was %s",
			       report_json_text(json, "clock", "set_to"),
			       report_json_text(json, "clock", "was"));
	show_names(json, out);
	if (number(json, "before", "failed"))
		one_line_print(out, "before    failed boots before this one: %lld; the last: %s",
			       number(json, "before", "failed"),
			       report_json_text(json, "before", "last"));
	show_list(json, "units", "units", out);
	show_list(json, "deferred", "deferred", out);
	show_list(json, "not_deferred", "waited for", out);
	show_list(json, "disabled", "disabled", out);
	if (*report_json_text(json, NULL, "machine_id"))
		one_line_print(out, "identity  %s", report_json_text(json, NULL, "machine_id"));
	show_list(json, "warnings", "warnings", out);
	show_plan(json, out);
	show_steps(json, out);
}

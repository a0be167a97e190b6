// SPDX-License-Identifier: GPL-2.0-or-later
/* The boot report: what is written can be read, shown and drawn, whatever names it holds. */
#include "src/rootovl/report/report.h"
#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/report/report_files.h"
#include "src/rootovl/report/report_svg.h"
#include "src/rootovl/report/report_text.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#undef fail /* ours is meant */

static struct report *made_up(void)
{
	struct report *report = report_new(2500);

	report_set(report, "lower", "what", "cifs //srv/os/\xff<&\"");
	report_set_number(report, "upper", "bytes", 1ull << 33);
	report_step(report, "load modules", "overlay", 2500, 100, "done");
	report_step(report, "mount lower", "cifs //srv/os", 2600, 900, "failed");
	report_add(report, "warnings", "one\ntwo");
	return report;
}

static char *shown(const json_t *json, void (*show)(const json_t *, FILE *))
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	show(json, out);
	fclose(out);
	return text;
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < ' ' && *text != '\n') || !strncmp(text, "\xc2\x9b", 2))
			return true;
	return false;
}

TEST(nothing_of_a_foreign_report_moves_a_terminal)
{
	static const char json[] =
		"{\"rootovl\": \"1\", \"result\": \"failed\", \"plan\": \"one\\n\\u001b[2Jtwo\","
		" \"lower\": {\"what\": \"\\u001b]52;c;eA==\\u0007\\nforged\"},"
		" \"steps\": [{\"step\": \"\\u009b31m\", \"object\": \"\\u0001<b>\"}]}";
	auto_failure struct failure f = { 0 };
	auto_free char *path = tree_path("foreign.json"), *text = NULL, *svg = NULL;
	json_t *read = NULL;

	assert_int_equal(file_write(AT_FDCWD, path, json, 0600), 0);
	assert_int_equal(report_load(path, &read, &f), 0);
	text = shown(read, report_text);
	svg = shown(read, report_svg);
	assert_false(has_control(text) || has_control(svg));
	assert_non_null(strstr(text, "\\x1b]52;c;eA==\\x07\\x0aforged"));
	assert_non_null(strstr(text, "\n    one\n    \\x1b[2Jtwo\n"));
	json_decref(read);
}

TEST(a_saved_report_reads_back_as_it_was)
{
	auto_failure struct failure f = { 0 };
	auto_free char *path = tree_path("report.json");
	struct report *report = made_up();
	json_t *read = NULL;

	report_end(report, 3600, NULL);
	assert_int_equal(report_save(report, AT_FDCWD, path, 0600, &f), 0);
	assert_int_equal(report_load(path, &read, &f), 0);
	assert_true(json_equal(report->json, read));
	assert_string_equal(json_string_value(json_object_get(read, "result")), "ready");
	assert_int_equal(json_integer_value(json_object_get(read, "length_ms")), 1100);
	json_decref(read);
	report_free(report);
}

TEST(a_failed_boot_says_step_cause_and_hint)
{
	auto_failure struct failure f = { 0 };
	struct report *report = made_up();
	auto_free char *text = NULL;

	report_set(report, "failure", "step", "mount lower");
	fail(&f, ENOENT, "check the share's name", "cifs //srv/os: no such share");
	report_end(report, 3600, &f);
	text = shown(report->json, report_text);
	assert_non_null(strstr(text, "failed    mount lower: cifs //srv/os: no such share"));
	assert_non_null(strstr(text, "look at   check the share's name"));
	report_free(report);
}

TEST(the_picture_escapes_what_names_hold)
{
	struct report *report = made_up();
	auto_free char *svg = NULL;

	report_end(report, 3600, NULL);
	svg = shown(report->json, report_svg);
	assert_non_null(strstr(svg, "&lt;&amp;&quot;"));
	assert_null(strstr(svg, "<&"));
	report_free(report);
}

/* What a server or a file of somebody's can have put there: a terminal's commands, and no XML. */
TEST(nothing_in_a_report_steers_a_terminal)
{
	static const char evil[] = "x\x1b]52;c;ZQ==\x07\xc2\x9b\xe2\x80\xae\ny";
	json_t *json = json_pack("{s:s, s:{s:s, s:s}, s:[s], s:[{s:s, s:s, s:s}]}", "result", evil,
				 "lower", "what", evil, "options", evil, "warnings", evil, "steps",
				 "step", evil, "object", evil, "result", evil);
	auto_free char *text = shown(json, report_text), *svg = shown(json, report_svg);
	const char *const both[] = { text, svg };

	assert_non_null(json);
	for (size_t i = 0; i < ARRAY_SIZE(both); i++) {
		assert_non_null(
			strstr(both[i], "x\\x1b]52;c;ZQ==\\x07\\xc2\\x9b\\xe2\\x80\\xae\\x0ay"));
		assert_null(strpbrk(both[i], "\x1b\x07\xc2"));
		assert_null(strstr(both[i], "\ny"));
	}
	json_decref(json);
}

TEST(an_empty_report_can_be_shown)
{
	json_t *json = json_object();
	auto_free char *text = shown(json, report_text), *svg = shown(json, report_svg);

	assert_non_null(text);
	assert_non_null(svg);
	json_decref(json);
}

TEST(text_and_picture_lie_beside_it)
{
	static const char *const endings[] = { "json", "txt", "svg" };
	auto_failure struct failure f = { 0 };
	struct report *report = made_up();
	auto_free char *text = NULL, *is = NULL;

	report_end(report, 3600, NULL);
	assert_int_equal(report_files_write(report, tree_fd, "7", 0600, &f), 0);
	text = shown(report->json, report_text);
	assert_int_equal(file_read(tree_fd, "7.txt", 65536, &is), 0);
	assert_string_equal(is, text);
	report_free(report);
	report_files_remove(tree_fd, "7");
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		auto_free char *name = xasprintf("7.%s", endings[i]);

		assert_int_equal(faccessat(tree_fd, name, F_OK, 0), -1);
	}
}

TEST(what_is_no_report_is_refused)
{
	static const char *const texts[] = { "", "{", "[]", "{\"rootovl\": 1}",
					     "{\"a\": 1, \"a\": 2}" };
	auto_free char *path = tree_path("odd.json");

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		auto_failure struct failure f = { 0 };
		json_t *json = NULL;

		assert_int_equal(file_write(AT_FDCWD, path, texts[i], 0600), 0);
		assert_int_equal(report_load(path, &json, &f), -EINVAL);
		assert_null(json);
	}
}

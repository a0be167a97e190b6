// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Golden tests: each tests/unit/plan/NAME.cmdline (a kernel command line; lines that begin with
 * '#' say what the case is about) must give NAME.plan, which is the plan or "error: …".
 * A line "#credentials: user=…" stands for the credentials file, "#lease: ROOT_PATH=…" for one that
 * DHCP gave ("\n" for their line ends). With
 * UPDATE=1 the .plan files are written anew, to be read before they are committed.
 */
#include "common/cmdline.h"
#include "common/files.h"
#include "common/log.h"
#include "common/mem.h"
#include "rootovl/plan.h"

#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CASES	   "tests/unit/plan/"
#define CREDENTIAL "#credentials: "
#define LEASE	   "#lease: "

static char *read_file(const char *path)
{
	char *text = NULL;

	return file_read(AT_FDCWD, path, 1 << 20, &text) == 0 ? text : NULL;
}

static void unescape(char *text)
{
	char *out = text;

	for (; *text; text++) {
		if (text[0] == '\\' && text[1] == 'n') {
			*out++ = '\n';
			text++;
		} else {
			*out++ = *text;
		}
	}
	*out = '\0';
}

/* The machine of every golden case. */
static void made_up_facts(struct facts *facts)
{
	*facts = (struct facts){ .kernel = xstrdup("6.1.0-golden"), .memory = 8ull << 30 };
	facts->tables = xcalloc(1, sizeof(*facts->tables));
	facts->tables[0].name = xstrdup("payload.conf");
	facts->tables[0].text = read_file("src/rootovl/payload.conf");
	assert_non_null(facts->tables[0].text);
	facts->n_tables = 1;
}

/* Separates the case's file into the command line and the comments' settings. */
static char *command_line(const char *path, struct facts *facts)
{
	auto_free char *text = read_file(path);
	auto_strv char **lines = strv_split(text, "\n");
	auto_strv char **words = NULL;

	for (size_t i = 0; lines && lines[i]; i++) {
		if (!strncmp(lines[i], CREDENTIAL, strlen(CREDENTIAL))) {
			facts->credentials = xstrdup(lines[i] + strlen(CREDENTIAL));
			unescape(facts->credentials);
		} else if (!strncmp(lines[i], LEASE, strlen(LEASE))) {
			unescape(lines[i] + strlen(LEASE));
			dhcp_lease_parse(&facts->lease, lines[i] + strlen(LEASE));
		} else if (lines[i][0] != '#') {
			strv_add(&words, xstrdup(lines[i]));
		}
	}
	return strv_join(words, " ");
}

static char *plan_text(const char *path)
{
	auto_failure struct failure f = { 0 };
	struct cmdline cmdline = { 0 };
	struct settings settings = { 0 };
	struct facts facts;
	struct plan plan = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	auto_free char *line = NULL;
	int r;

	made_up_facts(&facts);
	line = command_line(path, &facts);
	cmdline_add(&cmdline, line);
	r = settings_read(&settings, &cmdline, &f);
	if (r == 0 && !settings.enabled) {
		fputs("off\n", out);
	} else {
		if (r == 0)
			r = plan_build(&plan, &settings, &facts, &f);
		if (r == 0)
			plan_print(&plan, out);
	}
	if (r < 0) {
		auto_free char *error = log_failure_text(&f);

		fprintf(out, "error: %s\n", error);
	}
	fclose(out);
	plan_done(&plan);
	settings_done(&settings);
	cmdline_done(&cmdline);
	facts_done(&facts);
	return text;
}

static void gives_its_plan(void **state)
{
	const char *path = *state;
	auto_free char *expected_path = xasprintf("%.*s.plan", (int)(strlen(path) - 8), path);
	auto_free char *plan = plan_text(path);
	auto_free char *expected = NULL;

	/* What a plan may never show, whatever the case. */
	assert_null(strstr(plan, "S3CRET"));
	if (getenv("UPDATE"))
		assert_int_equal(file_write(AT_FDCWD, expected_path, plan, 0644), 0);
	expected = read_file(expected_path);
	assert_non_null(expected);
	assert_string_equal(plan, expected);
}

int main(void)
{
	struct CMUnitTest *tests;
	glob_t cases;
	int r;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	if (glob(CASES "*.cmdline", 0, NULL, &cases) != 0 || cases.gl_pathc < 60) {
		fprintf(stderr, "too few cases in %s: is this the top of the tree?\n", CASES);
		return 1;
	}
	tests = xcalloc(cases.gl_pathc, sizeof(*tests));
	for (size_t i = 0; i < cases.gl_pathc; i++)
		tests[i] = (struct CMUnitTest){ .name = cases.gl_pathv[i] + strlen(CASES),
						.test_func = gives_its_plan,
						.initial_state = cases.gl_pathv[i] };
	r = _cmocka_run_group_tests("plan", tests, cases.gl_pathc, NULL, NULL);
	free(tests);
	globfree(&cases);
	return r;
}

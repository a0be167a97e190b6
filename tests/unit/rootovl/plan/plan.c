// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Golden tests: each tests/unit/rootovl/plan/cases/NAME.cmdline (a kernel command line; lines that
 * begin with
 * '#' say what the case is about) must give NAME.plan, which is the plan or "error: …".
 * A line "#credentials: user=…" stands for the credentials file, "#lease: ROOT_PATH=…" for one that
 * DHCP gave ("\n" for their line ends), "#netdevs: br0" for what the image's network files make.
 */
#include "src/rootovl/plan/plan.h"
#include "src/common/cmdline.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/plan/plan_print.h"
#include "tests/unit/golden.h"

#define CASES	   "tests/unit/rootovl/plan/cases/"
#define CREDENTIAL "#credentials: "
#define LEASE	   "#lease: "
#define NETDEVS	   "#netdevs:"

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
	facts->tables[0].text = golden_read("src/rootovl/payload.conf");
	facts->n_tables = 1;
	facts->defer = xcalloc(1, sizeof(*facts->defer));
	facts->defer[0].name = xstrdup("defer.conf");
	facts->defer[0].text = golden_read("src/rootovl/defer.conf");
	facts->n_defer = 1;
}

/* Separates the case's file into the command line and the comments' settings. */
static char *command_line(const char *path, struct facts *facts)
{
	auto_free char *text = golden_read(path);
	auto_strv char **lines = strv_split(text, "\n");
	auto_strv char **words = NULL;

	for (size_t i = 0; lines && lines[i]; i++) {
		if (!strncmp(lines[i], CREDENTIAL, strlen(CREDENTIAL))) {
			facts->credentials = xstrdup(lines[i] + strlen(CREDENTIAL));
			unescape(facts->credentials);
		} else if (!strncmp(lines[i], LEASE, strlen(LEASE))) {
			unescape(lines[i] + strlen(LEASE));
			dhcp_lease_parse(&facts->lease, lines[i] + strlen(LEASE));
		} else if (!strncmp(lines[i], NETDEVS, strlen(NETDEVS))) {
			facts->knows_netdevs = true;
			facts->netdevs = strv_split(lines[i] + strlen(NETDEVS), " ");
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
	auto_free char *plan = plan_text(path);

	/* What a plan may never show, whatever the case. */
	assert_null(strstr(plan, "S3CRET"));
	golden_compare(path, ".plan", plan);
}

int main(void)
{
	return golden_run(CASES, ".cmdline", 60, gives_its_plan);
}

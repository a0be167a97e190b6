// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/commands/plan_command.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"
#include "src/rootovl/machine/command_line.h"
#include "src/rootovl/machine/facts_read.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/plan/plan_print.h"
#include "src/rootovl/settings/params.h"

#include <fcntl.h>
#include <stdio.h>

static int read_lease(struct facts *facts, const char *path, struct failure *f)
{
	auto_free char *text = NULL;
	int r = file_read(AT_FDCWD, path, 65536, &text);

	if (r < 0)
		return fail_errno(f, -r, NULL, "lease file %s", path);
	dhcp_lease_parse(&facts->lease, text);
	return 0;
}

/*
 * Prints the plan without control characters, because a DHCP server wrote parts of it. `facts`:
 * what it took from this machine, for the line of another machine; NULL: the line is this machine's
 * own.
 */
static void show(const struct plan *plan, const struct facts *facts)
{
	auto_free char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return;
	plan_print(plan, out);
	if (facts)
		fprintf(out, "taken from this machine: kernel %s, %llu MiB of memory\n",
			facts->kernel, (unsigned long long)(facts->memory >> 20));
	fclose(out);
	one_line_each(stdout, text);
}

/* `lease`: a file of networkd's for root=dhcp, or NULL. `own`: it is this machine's line. */
static int print_plan(const struct cmdline *cmdline, const char *lease, bool own, struct failure *f)
{
	struct settings settings = { 0 };
	struct facts facts = { 0 };
	struct plan plan = { 0 };
	int r = settings_read(&settings, cmdline, f);

	if (r == 0 && !settings.enabled) {
		settings_done(&settings);
		one_line_print(stdout, "nothing to do: the parameter rootovl is absent or \"no\"");
		return 0;
	}
	if (r == 0)
		r = facts_read(&facts, &settings, true, f);
	if (r == 0 && lease)
		r = read_lease(&facts, lease, f);
	if (r == 0)
		r = plan_build(&plan, &settings, &facts, f);
	if (r == 0)
		show(&plan, own ? NULL : &facts);
	plan_done(&plan);
	facts_done(&facts);
	settings_done(&settings);
	return r;
}

static void print_parameters(FILE *out)
{
	const struct parameter *row;

	for (size_t i = 0; (row = params_nth(i)); i++)
		fprintf(out, "%s%s\t%s\n", row->name, row->form, row->meaning);
}

static int run(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	struct cmdline cmdline = { 0 };
	const char *text;
	int r = 0;

	if (command_value(line, "parameters"))
		return print_parameters(stdout), 0;
	for (size_t i = 0; (text = command_next(line, "cmdline", &i));)
		cmdline_add(&cmdline, text);
	if (!command_value(line, "cmdline"))
		r = command_line_read(&cmdline, &f);
	if (r == 0)
		r = print_plan(&cmdline, command_value(line, "lease"),
			       !command_value(line, "cmdline"), &f);
	cmdline_done(&cmdline);
	return r < 0 ? command_failed(&f) : 0;
}

static const struct command_option options[] = {
	{ "cmdline", .argument = "TEXT",
	  .help = "this kernel command line, instead of the machine's own" },
	{ "lease", .argument = "FILE", .kind = COMMAND_FILE,
	  .help = "with root=dhcp: a lease of systemd-networkd, from /run/systemd/netif/leases; "
		  "without it "
		  "the root is left open" },
	{ "parameters", .help = "list the kernel parameters" },
	{ 0 },
};

const struct command command_plan = {
	.name = "plan",
	.meaning = "print what a kernel command line asks for",
	.synopsis = "[--cmdline TEXT] [--lease FILE]\n--parameters",
	.about = "Prints what `rootovl boot` would do for a kernel command line, or the error; "
		 "needs no rights.",
	.options = options,
	.exits = "Exit status: 0 a plan, 1 an error in what is asked for, 2 wrong usage.",
	.run = run,
};

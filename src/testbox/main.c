// SPDX-License-Identifier: GPL-2.0-or-later
/* testbox(8): runs virtual test machines. */
#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/macro.h"
#include "src/common/mem.h"
#include "src/testbox/commands/commands.h"

#include <errno.h>
#include <string.h>

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *meaning;
} commands[] = {
	{ "run", command_run, "run one machine by an iPXE script, to its end" },
	{ "serve", command_serve, "run one machine after the other, as a scheduler says" },
	{ "job", command_run_job, "pack a job, and run it on a root" },
	{ "stop", command_stop, "end a machine" },
	{ "list", command_list, "show the machines that run" },
	{ "log", command_log, "show what a machine's console said" },
	{ "console", command_console, "watch a machine's console, and type on it" },
};

static void print_usage(FILE *out)
{
	fputs("usage: testbox COMMAND …\n"
	      "Runs virtual test machines, and leaves nothing of them behind.\n\n",
	      out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].meaning);
	fputs("\n`testbox COMMAND --help` says more; so does testbox(8).\n", out);
}

int command_failed(const struct failure *f)
{
	auto_free char *text = log_failure_text(f);

	log_line(LOG_ERR, "testbox: %s", text);
	return f->code == EBUSY ? EXIT_BUSY : EXIT_FAILED;
}

int command_usage(const char *command, const char *what)
{
	log_line(LOG_ERR, "testbox %s: %s; see testbox %s --help", command, what, command);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	auto_free char *whole = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		int code;

		if (strcmp(name, commands[i].name) != 0)
			continue;
		argv[1] = whole = xasprintf("testbox %s", name); /* getopt(3) says it */
		interrupt_watch();
		code = commands[i].run(argc - 1, argv + 1);
		return interrupted ? EXIT_SIGNAL + interrupted : code;
	}
	if (!strcmp(name, "--version"))
		return puts("testbox " ROOTOVL_VERSION) < 0;
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		return print_usage(stdout), EXIT_OK;
	if (*name)
		fprintf(stderr, "testbox: unknown command \"%s\"\n", name);
	print_usage(stderr);
	return EXIT_USAGE;
}

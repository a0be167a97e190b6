// SPDX-License-Identifier: GPL-2.0-or-later
/* rootovl: the helper that assembles the root of a network-booted machine. See rootovl(8). */
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/usage.h"
#include "src/rootovl/boot/boot.h"
#include "src/rootovl/machine/facts_read.h"
#include "src/rootovl/machine/unmount.h"
#include "src/rootovl/plan/plan_print.h"
#include "src/rootovl/settings/params.h"

#include <fcntl.h>
#include <getopt.h>
#include <string.h>

static int read_lease(struct facts *facts, const char *path, struct failure *f)
{
	auto_free char *text = NULL;
	int r = file_read(AT_FDCWD, path, 65536, &text);

	if (r < 0)
		return fail_errno(f, -r, NULL, "lease file %s", path);
	dhcp_lease_parse(&facts->lease, text);
	return 0;
}

/* `lease`: a file of networkd's for root=dhcp, or NULL. */
static int print_plan(const struct cmdline *cmdline, const char *lease)
{
	auto_failure struct failure f = { 0 };
	struct settings settings = { 0 };
	struct facts facts = { 0 };
	struct plan plan = { 0 };
	int r = settings_read(&settings, cmdline, &f);

	if (r == 0 && !settings.enabled) {
		settings_done(&settings);
		puts("nothing to do: the parameter rootovl is absent or \"no\"");
		return 0;
	}
	if (r == 0)
		r = facts_read(&facts, &settings, true, &f);
	if (r == 0 && lease)
		r = read_lease(&facts, lease, &f);
	if (r == 0)
		r = plan_build(&plan, &settings, &facts, &f);
	if (r == 0) {
		plan_print(&plan, stdout);
	} else {
		auto_free char *text = log_failure_text(&f);

		log_line(LOG_ERR, "rootovl: %s", text);
	}
	plan_done(&plan);
	facts_done(&facts);
	settings_done(&settings);
	return r < 0 ? 1 : 0;
}

static void print_parameters(void)
{
	const struct parameter_row *row;

	for (size_t i = 0; (row = params_row(i)); i++)
		printf("%s%s\t%s\n", row->name, row->form, row->meaning);
}

static const char plan_usage[] =
	"usage: rootovl plan [--cmdline TEXT] [--lease FILE]\n"
	"       rootovl plan --parameters\n"
	"Prints what `rootovl boot` would do for a kernel command line, or the error; needs no "
	"rights.\n"
	"\n"
	"  --cmdline TEXT  this kernel command line, in place of the machine's own\n"
	"  --lease FILE    with root=dhcp: a lease of systemd-networkd, from\n"
	"                  /run/systemd/netif/leases; without it the root is left open\n"
	"  --parameters    list the kernel parameters\n"
	"\n"
	"Exit status: 0 a plan, 1 an error in what is asked for, 2 wrong usage.\n";

static int plan_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "cmdline", required_argument, NULL, 'c' },
		{ "lease", required_argument, NULL, 'l' },
		{ "parameters", no_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	auto_failure struct failure f = { 0 };
	struct cmdline cmdline = { 0 };
	const char *lease = NULL;
	bool given = false;
	int r;

	for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
		if (option == 'p')
			return print_parameters(), 0;
		if (option == 'l') {
			lease = optarg;
			continue;
		}
		if (option != 'c')
			return fputs(plan_usage, option == 'h' ? stdout : stderr),
			       option == 'h' ? 0 : 2;
		cmdline_add(&cmdline, optarg);
		given = true;
	}
	if (optind < argc)
		return fputs(plan_usage, stderr), 2;
	if (!given && boot_read_cmdline(&cmdline, &f) < 0) {
		auto_free char *text = log_failure_text(&f);

		log_line(LOG_ERR, "rootovl: %s", text);
		cmdline_done(&cmdline);
		return 1;
	}
	r = print_plan(&cmdline, lease);
	cmdline_done(&cmdline);
	return r;
}

static const char boot_usage[] =
	"usage: rootovl boot\n"
	"Assembles the root on /sysroot as the kernel command line asks. Only in an initramfs.\n"
	"\n"
	"Exit status: 0 the root is ready, or rootovl is not switched on; 1 failed; 2 wrong "
	"usage.\n";

static int boot_command(int argc, char **argv)
{
	if (argc > 1)
		return usage_end(argv, boot_usage);
	/* systemd's own test of where it runs; on a running system this would unmount its root. */
	if (access("/etc/initrd-release", F_OK) < 0) {
		log_line(LOG_ERR,
			 "rootovl: boot: this is not an initramfs (no /etc/initrd-release); "
			 "`rootovl plan` shows what would be done");
		return 1;
	}
	return boot_main();
}

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *meaning;
} commands[] = {
	{ "boot", boot_command, "assemble the root (in the initramfs)" },
	{ "plan", plan_main, "print what a kernel command line asks for" },
	{ "report", report_main, "show how this machine's root was made" },
	{ "undo", undo_main, "for rootovl.service: clean up after a boot that was killed" },
	{ "network", network_main, "make networkd's units (in the initramfs)" },
	{ "generator", generator_main, "for systemd: leave /sysroot to us, or mount it before" },
};

static void print_usage(FILE *out)
{
	fputs("usage: rootovl COMMAND [OPTIONS]\n"
	      "Puts a writable overlay over a read-only network root, brings the job's files "
	      "in.\n\n",
	      out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].meaning);
	fputs("\n`rootovl COMMAND --help` says more; so do rootovl(8) and rootovl.cmdline(7).\n",
	      out);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name)) {
			auto_free char *whole = xasprintf("rootovl %s", name);

			argv[1] = whole; /* getopt(3) says it */
			return commands[i].run(argc - 1, argv + 1);
		}
	if (!strcmp(name, "--version"))
		return puts("rootovl " ROOTOVL_VERSION) < 0;
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		return print_usage(stdout), 0;
	if (*name)
		fprintf(stderr, "rootovl: unknown command \"%s\"\n", name);
	print_usage(stderr);
	return 2;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* `testbox run`: one machine by one script; `testbox serve`: one after the other. */
#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/testbox/commands/commands.h"
#include "src/testbox/commands/run_options.h"
#include "src/testbox/commands/serve.h"
#include "src/testbox/machine/machine.h"
#include "src/testbox/plan/host.h"
#include "src/testbox/plan/url.h"

#define RUN_PATIENCE 90 /* seconds that a scheduler may be out of reach */

static const char run_help[] =
	"usage: testbox run [OPTION…] SCRIPT|URL\n"
	"Runs the machine that an iPXE script describes, until it switches itself off.\n"
	"\n"
	"  -n, --name NAME       the testbox; its name says what it has (vm-2p8g-1, the default,\n"
	"                        has 2 processors and 8 GB)\n"
	"      --token FILE      what the scheduler wants to hear in Authorization\n"
	"      --dry-run         print what would be run\n" OPTIONS_HELP "\n"
	"Exit status: 0 to 119 the job's (0 without --result), 120 the job told none, 121 failed,\n"
	"122 wrong usage, 123 the kernel crashed, 124 deadline, 125 the name is in use, 126 the\n"
	"script gives the machine back, 128 and more a signal.\n";

static const char serve_help[] =
	"usage: testbox serve [OPTION…] NAME URL\n"
	"Serves a scheduler: registers, asks for a job, runs it, reports, asks again. URL is\n"
	"http, https, ws or wss, and may hold ${mac:hexhyp}. SIGTERM (testbox stop) lets the\n"
	"running job finish, a second one ends it; so does a file safe-stop in the box's folder.\n"
	"\n"
	"      --queues LIST     its queues at the scheduler, separated by commas\n"
	"      --token FILE      what the scheduler wants to hear in Authorization\n"
	"      --log-server URL  where the console's log of each job is sent\n" OPTIONS_HELP "\n"
	"Exit status: 0 it was told to leave, 121 failed, 122 wrong usage, 125 the name is in "
	"use.\n";

static int run_script(struct asked *asked, char **words, int *ret_code, struct failure *f)
{
	const char *text = words[0];
	auto_free char *url = NULL, *mac = host_mac(asked->name, 1, '-');
	struct boot_script script = { 0 };
	int r = url_of_argument(text, &url, f);

	if (r == 0)
		r = box_open(&asked->box, asked->name, f);
	if (r < 0)
		return r;
	box_say(&asked->box, "asking for a job");
	const struct scheduler scheduler = {
		.url = url,
		.name = asked->name,
		.mac = mac,
		.ca_file = asked->ca_file,
		.token_file = asked->token,
		.patience = RUN_PATIENCE,
	};

	r = scheduler_next_job(&scheduler, NULL, NULL, &interrupted, &script, f);
	if (r == 0 && script.end != BOOT_SCRIPT_BOOT) {
		auto_free char *shown = url_shown(text);

		log_line(LOG_NOTICE, "testbox: %s: %s has no job", asked->name, shown);
		*ret_code = EXIT_NO_JOB;
	} else if (r == 0) {
		r = asked_run(asked, &script, ret_code, f);
	}
	boot_script_done(&script);
	return r;
}

static bool fits_run(const struct asked *asked, int words)
{
	return words == 1 && !asked->queues && !asked->log_server && !asked->job.said;
}

int command_run(int argc, char **argv)
{
	static const struct asked_command command = {
		.name = "run",
		.help = run_help,
		.box = ASKED_BOX,
		.which = "which SCRIPT or URL?",
		.fits = fits_run,
		.run = run_script,
	};

	return asked_command(&command, argc, argv);
}

static int serve_one(void *arg, const struct boot_script *script, const struct boot_files *files,
		     const volatile sig_atomic_t *stop, struct run_result *ret, struct failure *f)
{
	return machine_run(script, files, arg, stop, ret, f);
}

static int serve_url(struct asked *asked, char **words, int *ret_code, struct failure *f)
{
	const char *name = asked->name = words[0];
	auto_free char *mac = host_mac(name, 1, '-'), *safe_stop = NULL, *cache = NULL;
	auto_free char *log = NULL;
	struct host host = { 0 };
	int r = host_find(&host, name, asked->options.hosts, f);
	const unsigned memory_gb = (unsigned)(host.memory >> 30);
	const char *arch = host.arch == ARCH_ARM64 ? "aarch64" : "x86_64";

	*ret_code = EXIT_OK;
	host_done(&host);
	if (r == 0)
		r = box_open(&asked->box, name, f);
	if (r < 0)
		return r;
	box_say(&asked->box, "asking for a job");
	safe_stop = xasprintf("%s/safe-stop", asked->box.dir);
	log = xasprintf("%s/console.log", asked->box.dir);
	const struct serve_options options = {
		.scheduler = { .url = words[1],
			       .name = name,
			       .mac = mac,
			       .queues = asked->queues,
			       .ca_file = asked->ca_file,
			       .token_file = asked->token,
			       .arch = arch,
			       .memory_gb = memory_gb },
		.downloads = asked_downloads(asked, &cache),
		.dir = asked->box.run,
		.safe_stop = safe_stop,
		.log = log,
		.log_server = asked->log_server,
		.run = serve_one,
		.arg = &asked->options,
	};

	return serve(&options, f);
}

static bool fits_serve(const struct asked *asked, int words)
{
	return words == 2 && !asked->name && !asked->job.said && !asked->options.dry_run;
}

int command_serve(int argc, char **argv)
{
	static const struct asked_command command = {
		.name = "serve",
		.help = serve_help,
		.which = "which NAME, which URL?",
		.fits = fits_serve,
		.run = serve_url,
	};

	return asked_command(&command, argc, argv);
}

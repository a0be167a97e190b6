// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/commands/run.h"

#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/url.h"
#include "src/testbox/commands/exit_code.h"
#include "src/testbox/commands/run_options.h"
#include "src/testbox/commands/serve.h"
#include "src/testbox/machine/machine.h"
#include "src/testbox/plan/host.h"

#define RUN_PATIENCE 90 /* seconds that a scheduler may be out of reach */

static int run_script(struct run_request *request, int *ret_code, struct failure *f)
{
	const struct command_line *line = request->line;
	const char *name = command_value(line, "name"), *text = line->operands[0];
	auto_free char *url = NULL, *mac = NULL;
	struct boot_script script = { 0 };
	int r = text ? url_of_argument(text, &url, f) : 0;

	request->name = name ? name : RUN_OPTIONS_BOX;
	request->options.dry_run = command_value(line, "dry-run");
	mac = host_mac(request->name, 1, '-');
	if (r == 0)
		r = box_open(&request->box, request->name, f);
	if (r == 0 && !text) {
		request->what = "boot by network card";
		return run_options_run(request, NULL, ret_code, f);
	}
	if (r < 0)
		return r;
	box_say(&request->box, "asking for a job");
	const struct scheduler scheduler = {
		.url = url,
		.name = request->name,
		.mac = mac,
		.ca_file = command_value(line, "ca-file"),
		.token_file = command_value(line, "token"),
		.patience = RUN_PATIENCE,
	};

	r = scheduler_next_job(&scheduler, NULL, NULL, &interrupted, &script, f);
	if (r == 0 && script.end != BOOT_SCRIPT_BOOT) {
		auto_free char *shown = url_shown(text);

		log_line(LOG_NOTICE, "testbox: %s: %s has no job", request->name, shown);
		*ret_code = EXIT_NO_JOB;
	} else if (r == 0) {
		auto_free char *shown = url_shown(text);

		request->what = shown;
		r = run_options_run(request, &script, ret_code, f);
	}
	boot_script_done(&script);
	return r;
}

static int run_one(const struct command_line *line)
{
	if (!line->operands[0] && !command_value(line, "name"))
		return command_usage(line, "which SCRIPT|URL?");
	return run_options_command(line, run_script);
}

static const struct command_option run_own[] = {
	{ "name", 'n', .argument = "NAME",
	  .help = "the testbox; its name says what it has (vm-2p8g-1, the default, has 2 "
		  "processors and 8 GB)" },
	{ "token", .argument = "FILE", .kind = COMMAND_FILE,
	  .help = "what the scheduler wants to hear in Authorization" },
	{ "dry-run", .help = "print what would be run" },
	{ 0 },
};

const struct command command_run = {
	.name = "run",
	.meaning = "run one machine by an iPXE script, to its end",
	.synopsis = "[OPTION…] [SCRIPT|URL]",
	.about = "Runs the machine that an iPXE script describes, until it switches itself off. "
		 "Without a script, and with --name, a host with \"template: pxe\" in its file "
		 "boots by its network card.",
	.options = run_own,
	.shared = run_options_shared,
	.operands =
		(const struct command_operand[]){
			{ "SCRIPT|URL", .kind = COMMAND_FILE, .optional = true }, { 0 } },
	.exits = "Exit status: 0 to 117 the job's (0 without --result), 118 the boot failed, 119 "
		 "the root waits at login: with no job, 120 the job told none, 121 failed, 122 "
		 "wrong usage, 123 the kernel crashed, 124 deadline, 125 the name is in use, 126 "
		 "the script gives the machine back, 128 and more a signal.",
	.run = run_one,
};

static int serve_one(void *arg, const struct boot_script *script, const struct boot_files *files,
		     const volatile sig_atomic_t *stop, struct run_result *ret, struct failure *f)
{
	struct run_request *request = arg;

	return machine_run(script, files, &request->options, stop, ret, f);
}

static int read_host(void *arg, struct failure *f)
{
	return run_options_host(arg, f);
}

static int serve_url(struct run_request *request, int *ret_code, struct failure *f)
{
	const struct command_line *line = request->line;
	const char *name = request->name = line->operands[0];
	auto_free char *mac = host_mac(name, 1, '-'), *safe_stop = NULL, *cache = NULL;
	auto_free char *log = NULL;
	struct host *host = &request->host;
	int r = run_options_host(request, f);
	unsigned memory_gb;
	const char *arch;

	*ret_code = EXIT_OK;
	if (r == 0)
		r = host_ask(host, &(const struct machine_wishes){ 0 }, f);
	memory_gb = (unsigned)(host->memory >> 30);
	arch = host->arch == ARCH_ARM64 ? "aarch64" : "x86_64";
	if (r == 0)
		r = box_open(&request->box, name, f);
	if (r < 0)
		return r;
	box_say(&request->box, "asking for a job");
	safe_stop = xasprintf("%s/safe-stop", request->box.dir);
	log = xasprintf("%s/console.log", request->box.dir);
	const struct serve_options options = {
		.scheduler = { .url = line->operands[1],
			       .name = name,
			       .mac = mac,
			       .queues = command_value(line, "queues"),
			       .ca_file = command_value(line, "ca-file"),
			       .token_file = command_value(line, "token"),
			       .arch = arch,
			       .memory_gb = memory_gb },
		.downloads = run_options_downloads(request, &cache),
		.dir = request->box.run,
		.safe_stop = safe_stop,
		.log = log,
		.log_server = command_value(line, "log-server"),
		.begin = read_host,
		.run = serve_one,
		.arg = request,
	};

	return serve(&options, f);
}

static int run_serve(const struct command_line *line)
{
	return run_options_command(line, serve_url);
}

static const struct command_option serve_own[] = {
	{ "queues", .argument = "LIST",
	  .help = "its queues at the scheduler, separated by commas" },
	{ "token", .argument = "FILE", .kind = COMMAND_FILE,
	  .help = "what the scheduler wants to hear in Authorization" },
	{ "log-server", .argument = "URL", .help = "where the console's log of each job is sent" },
	{ 0 },
};

const struct command command_serve = {
	.name = "serve",
	.meaning = "run one machine after the other, as a scheduler says",
	.synopsis = "[OPTION…] NAME URL",
	.about = "Serves a scheduler: registers, asks for a job, runs it, reports, asks again. URL "
		 "is http, https, ws or wss, and may hold ${mac:hexhyp}. SIGTERM (testbox stop) "
		 "lets the running job finish, a second one ends it; so does a file safe-stop in "
		 "the box's folder.",
	.options = serve_own,
	.shared = run_options_shared,
	.operands = (const struct command_operand[]){ { "NAME", .kind = COMMAND_TEXT },
						      { "URL", .kind = COMMAND_TEXT },
						      { 0 } },
	.exits = "Exit status: 0 it was told to leave, 121 failed, 122 wrong usage, 125 the name "
		 "is in use.",
	.run = run_serve,
};

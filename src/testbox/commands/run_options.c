// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/commands/run_options.h"

#include "src/common/clock.h"
#include "src/common/folder.h"
#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/testbox/commands/exit_code.h"
#include "src/testbox/commands/run_end.h"
#include "src/testbox/machine/host_find.h"
#include "src/testbox/machine/machine_stop.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECONDS_MAX (30 * 24 * 3600)

const struct command_option run_options_shared[] = {
	{ "hosts", .argument = "DIR", .kind = COMMAND_DIR,
	  .help = "where host files are (" HOSTS_DIR ")" },
	{ "kvm", .argument = "yes|no", .words = "yes no",
	  .help = "use KVM; without this, where it works" },
	{ "result", .argument = "DIR", .kind = COMMAND_DIR,
	  .help = "share this folder as /lkp/result" },
	{ "personality", .argument = "hostname=NAME,ip=ADDRESS/PREFIX,password-file=FILE",
	  .help = "make the root one of a kind; each part may be left out" },
	{ "timeout", .argument = "SECONDS", .min = 1, .max = SECONDS_MAX,
	  .help = "end the machine after this time (86400)" },
	{ "memory-wait", .argument = "SECONDS", .min = 1, .max = SECONDS_MAX,
	  .help = "how long to wait for free memory (3600)" },
	{ "ack-wait", .argument = "SECONDS", .min = 1, .max = SECONDS_MAX,
	  .help = "how long to wait until the personality is acknowledged (300)" },
	{ "keep-failed", .help = "keep a machine whose boot failed, for testbox console" },
	{ "cache", .argument = "DIR", .kind = COMMAND_DIR, .help = "where downloads are kept" },
	{ "ca-file", .argument = "FILE", .kind = COMMAND_FILE,
	  .help = "certificates for https, instead of the system's" },
	{ "verbose", 'v', .help = "the console to standard output, the steps to standard error" },
	{ 0 },
};

int run_options_result(struct run_request *request, const char *path, struct failure *f)
{
	int r = folder_open(path, &request->options.result_fd, f);

	if (r < 0)
		return r;
	set_text(&request->result, realpath(path, NULL));
	if (!request->result)
		return fail_errno(f, errno, NULL, "--result: %s", path);
	request->options.result = request->result;
	return 0;
}

static int read_options(struct run_request *request, struct failure *f)
{
	const struct command_line *line = request->line;
	struct run_options *options = &request->options;
	const char *hosts = command_value(line, "hosts"), *kvm = command_value(line, "kvm");
	char *personality;
	int r = 0;

	request->hosts = hosts ? hosts : HOSTS_DIR;
	*options = (struct run_options){
		.box = &request->box,
		.host = &request->host,
		.timeout = command_number(line, "timeout", TIMEOUT_S),
		.memory_wait = command_number(line, "memory-wait", MEMORY_WAIT_S),
		.acknowledge = command_number(line, "ack-wait", ACKNOWLEDGE_S),
		.kvm = !kvm		     ? KVM_PROBE
		       : !strcmp(kvm, "yes") ? KVM_YES
					     : KVM_NO,
		.keep_failed = command_value(line, "keep-failed"),
		.verbose = command_value(line, "verbose"),
		.result_fd = -1,
		.rootfs_fd = -1,
	};
	for (size_t i = 0; r == 0 && (personality = command_next(line, "personality", &i));) {
		personality_done(&options->personality);
		r = personality_parse(&options->personality, personality, f);
	}
	return r;
}

/* What the machine's end means for who started it. */
static int exit_status(const struct run_request *request, const struct run_result *result)
{
	static const int codes[] = {
		[RUN_CRASHED] = EXIT_CRASHED,	 [RUN_DEADLINE] = EXIT_DEADLINE,
		[RUN_FAILED] = EXIT_BOOT_FAILED, [RUN_IDLE] = EXIT_IDLE,
		[RUN_STOPPED] = 128 + SIGTERM,
	};

	if (result->end != RUN_ENDED)
		return codes[result->end];
	if (!request->options.result)
		return EXIT_OK;
	if (result->status < 0)
		return EXIT_NO_STATUS;
	return result->status > EXIT_JOB_MAX ? EXIT_JOB_MAX : result->status;
}

struct download_options run_options_downloads(const struct run_request *request, char **ret_cache)
{
	const char *cache = command_value(request->line, "cache");
	auto_free char *state = box_state_dir();

	*ret_cache = cache ? xstrdup(cache) : xasprintf("%s/" BOX_CACHE, state);
	return (struct download_options){
		.cache = *ret_cache,
		.ca_file = command_value(request->line, "ca-file"),
		.rootfs = request->options.rootfs,
		.rootfs_fd = request->options.rootfs_fd,
		.reach = &request->host.reach,
	};
}

int run_options_host(struct run_request *request, struct failure *f)
{
	host_done(&request->host);
	return host_find(&request->host, request->name, request->hosts, f);
}

int run_options_run(struct run_request *request, const struct boot_script *script, int *ret_code,
		    struct failure *f)
{
	auto_free char *cache = NULL;
	struct download_options options = run_options_downloads(request, &cache);
	const struct boot_script none = { .end = BOOT_SCRIPT_BOOT };
	struct boot_files files = { 0 };
	struct run_result result = { 0 };
	uint64_t start;
	int r = run_options_host(request, f);

	box_say(&request->box, "downloading");
	if (r == 0 && script)
		r = boot_files_get(script, request->box.run, &options, &interrupted, &files, f);
	start = clock_ms();
	if (r == 0)
		r = machine_run(script ? script : &none, &files, &request->options, &interrupted,
				&result, f);
	if (r == 0)
		*ret_code = request->options.dry_run ? EXIT_OK : exit_status(request, &result);
	if (r == 0 && !request->options.dry_run)
		run_end_tell(
			&(const struct run_ended){
				.name = request->name,
				.what = script && script->job_id ? script->job_id : request->what,
				.results = request->options.result,
				.seconds = (unsigned)((clock_ms() - start) / 1000),
			},
			&result, *ret_code);
	boot_files_done(&files);
	run_result_done(&result);
	return r;
}

/* The kernel line, a token and a personality have passwords: no core has them. */
static void leave_no_core(void)
{
	const struct rlimit none = { 0 };

	setrlimit(RLIMIT_CORE, &none);
	/* For others it would take away what is theirs below /proc, such as maps of user ids. */
	if (geteuid() == 0)
		prctl(PR_SET_DUMPABLE, 0);
}

int run_options_command(const struct command_line *line,
			int (*run)(struct run_request *request, int *ret_code, struct failure *f))
{
	struct run_request request = { .line = line, .box = { .lock = -1 } };
	const char *result = command_value(line, "result");
	auto_failure struct failure f = { 0 };
	int code = EXIT_OK;

	/* What is made here is of this user alone. */
	umask(S_IRWXG | S_IRWXO);
	leave_no_core();
	machine_stop_watch();
	if (read_options(&request, &f) < 0)
		code = command_usage(line, "%s", f.what);
	else if ((result && run_options_result(&request, result, &f) < 0) ||
		 run(&request, &code, &f) < 0)
		code = command_failed(&f);
	box_close(&request.box);
	host_done(&request.host);
	personality_done(&request.options.personality);
	if (request.options.result_fd >= 0)
		close(request.options.result_fd);
	if (request.options.rootfs_fd >= 0)
		close(request.options.rootfs_fd);
	free(request.result);
	return code;
}

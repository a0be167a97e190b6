// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/commands/run_options.h"

#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/testbox/commands/commands.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#define SECONDS_MAX (30 * 24 * 3600)

enum {
	OPT_HOSTS = 256,
	OPT_KVM,
	OPT_RESULT,
	OPT_PERSONALITY,
	OPT_TIMEOUT,
	OPT_MEMORY_WAIT,
	OPT_ACK_WAIT,
	OPT_DRY_RUN,
	OPT_CACHE,
	OPT_CA_FILE,
	OPT_QUEUES,
	OPT_TOKEN,
	OPT_LOG_SERVER,
	OPT_ROOTFS,
	OPT_ROOT,
	OPT_IMAGE,
	OPT_LKP_SRC,
	OPT_SCRIPT,
	OPT_APPEND,
};

static const struct option long_options[] = {
	{ "name", required_argument, NULL, 'n' },
	{ "hosts", required_argument, NULL, OPT_HOSTS },
	{ "kvm", required_argument, NULL, OPT_KVM },
	{ "result", required_argument, NULL, OPT_RESULT },
	{ "personality", required_argument, NULL, OPT_PERSONALITY },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "memory-wait", required_argument, NULL, OPT_MEMORY_WAIT },
	{ "ack-wait", required_argument, NULL, OPT_ACK_WAIT },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ "cache", required_argument, NULL, OPT_CACHE },
	{ "ca-file", required_argument, NULL, OPT_CA_FILE },
	{ "rootfs", required_argument, NULL, OPT_ROOTFS },
	{ "root", required_argument, NULL, OPT_ROOT },
	{ "image", required_argument, NULL, OPT_IMAGE },
	{ "lkp-src", required_argument, NULL, OPT_LKP_SRC },
	{ "script", required_argument, NULL, OPT_SCRIPT },
	{ "append", required_argument, NULL, OPT_APPEND },
	{ "queues", required_argument, NULL, OPT_QUEUES },
	{ "token", required_argument, NULL, OPT_TOKEN },
	{ "log-server", required_argument, NULL, OPT_LOG_SERVER },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static int take_seconds(const char *option, const char *text, unsigned *ret, struct failure *f)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n == 0 || n > SECONDS_MAX)
		return fail(f, EINVAL, NULL, "--%s: \"%s\" is no number of seconds", option, text);
	*ret = (unsigned)n;
	return 0;
}

int asked_result(struct asked *asked, const char *path, struct failure *f)
{
	free(asked->result);
	asked->result = realpath(path, NULL);
	if (!asked->result)
		return fail_errno(f, errno, NULL, "--result: %s", path);
	asked->options.result = asked->result;
	return 0;
}

static int take_kvm(struct asked *asked, const char *text, struct failure *f)
{
	bool yes = !strcmp(text, "yes");

	if (!yes && strcmp(text, "no") != 0)
		return fail(f, EINVAL, NULL, "--kvm: yes or no");
	asked->options.kvm = yes ? KVM_YES : KVM_NO;
	return 0;
}

/* Options whose value is kept as it is. */
static const struct text_option {
	int option;
	size_t field; /* of struct asked, a const char * */
} text_options[] = {
	{ 'n', offsetof(struct asked, name) },
	{ OPT_HOSTS, offsetof(struct asked, options.hosts) },
	{ OPT_CACHE, offsetof(struct asked, cache) },
	{ OPT_CA_FILE, offsetof(struct asked, ca_file) },
	{ OPT_QUEUES, offsetof(struct asked, queues) },
	{ OPT_TOKEN, offsetof(struct asked, token) },
	{ OPT_LOG_SERVER, offsetof(struct asked, log_server) },
	{ OPT_ROOTFS, offsetof(struct asked, job.rootfs) },
	{ OPT_ROOT, offsetof(struct asked, job.root) },
	{ OPT_IMAGE, offsetof(struct asked, job.image) },
	{ OPT_LKP_SRC, offsetof(struct asked, job.lkp_src) },
	{ OPT_SCRIPT, offsetof(struct asked, job.script) },
	{ OPT_APPEND, offsetof(struct asked, job.append) },
};

static bool take_text(struct asked *asked, int option)
{
	for (size_t i = 0; i < ARRAY_SIZE(text_options); i++) {
		if (text_options[i].option != option)
			continue;
		*(const char **)((char *)asked + text_options[i].field) = optarg;
		asked->job.said |= option >= OPT_ROOTFS;
		return true;
	}
	return false;
}

static int take_option(struct asked *asked, int option, struct failure *f)
{
	struct run_options *options = &asked->options;

	if (take_text(asked, option))
		return 0;
	switch (option) {
	case 'v':
		options->verbose = true;
		return 0;
	case 'h':
		asked->help = true;
		return 0;
	case OPT_DRY_RUN:
		options->dry_run = true;
		return 0;
	case OPT_KVM:
		return take_kvm(asked, optarg, f);
	case OPT_RESULT:
		return asked_result(asked, optarg, f);
	case OPT_PERSONALITY:
		personality_done(&options->personality);
		return personality_parse(&options->personality, optarg, f);
	case OPT_TIMEOUT:
		return take_seconds("timeout", optarg, &options->timeout, f);
	case OPT_MEMORY_WAIT:
		return take_seconds("memory-wait", optarg, &options->memory_wait, f);
	case OPT_ACK_WAIT:
		return take_seconds("ack-wait", optarg, &options->acknowledge, f);
	default:
		return fail(f, EINVAL, NULL, "wrong usage");
	}
}

static int read_options(struct asked *asked, int argc, char **argv, struct failure *f)
{
	int option, r = 0;

	while (r == 0 && (option = getopt_long(argc, argv, "n:vh", long_options, NULL)) != -1)
		r = take_option(asked, option, f);
	return r;
}

/* What the machine's end means for who started it. */
static int exit_status(const struct asked *asked, const struct run_result *result)
{
	if (result->end == RUN_CRASHED || result->end == RUN_DEADLINE) {
		log_line(LOG_ERR, "testbox: %s: %s (testbox log %s)", asked->name, result->reason,
			 asked->name);
		return result->end == RUN_CRASHED ? EXIT_CRASHED : EXIT_DEADLINE;
	}
	if (!asked->options.result)
		return EXIT_OK;
	if (result->status < 0) {
		log_line(LOG_ERR, "testbox: %s: the job told no exit status", asked->name);
		return EXIT_NO_STATUS;
	}
	return result->status > EXIT_JOB_MAX ? EXIT_JOB_MAX : result->status;
}

struct download_options asked_downloads(const struct asked *asked, char **ret_cache)
{
	auto_free char *state = box_state_dir();

	*ret_cache = asked->cache ? xstrdup(asked->cache) : xasprintf("%s/" BOX_CACHE, state);
	return (struct download_options){ .cache = *ret_cache, .ca_file = asked->ca_file };
}

int asked_run(const struct asked *asked, const struct boot_script *script, int *ret_code,
	      struct failure *f)
{
	auto_free char *cache = NULL;
	const struct download_options options = asked_downloads(asked, &cache);
	struct boot_files files = { 0 };
	struct run_result result = { 0 };
	int r;

	box_say(&asked->box, "downloading");
	r = boot_files_get(script, asked->box.run, &options, &interrupted, &files, f);
	if (r == 0)
		r = machine_run(script, &files, &asked->options, &interrupted, &result, f);
	if (r == 0)
		*ret_code = asked->options.dry_run ? EXIT_OK : exit_status(asked, &result);
	boot_files_done(&files);
	run_result_done(&result);
	return r;
}

int asked_command(const struct asked_command *command, int argc, char **argv)
{
	struct asked asked = {
		.options = RUN_OPTIONS_DEFAULT,
		.name = command->box,
		.box = { .lock = -1 },
	};
	auto_failure struct failure f = { 0 };
	int r = read_options(&asked, argc, argv, &f), code = EXIT_OK;

	asked.options.box = &asked.box;
	if (r < 0)
		code = command_usage(command->name, f.what);
	else if (asked.help)
		fputs(command->help, stdout);
	else if (!command->fits(&asked, argc - optind))
		code = command_usage(command->name, command->which);
	else if (command->run(&asked, argv + optind, &code, &f) < 0)
		code = command_failed(&f);
	box_close(&asked.box);
	personality_done(&asked.options.personality);
	free(asked.result);
	return code;
}

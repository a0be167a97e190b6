// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Drives the half of testbox that gets a job, without a machine:
 *
 *   get download OUT URL…     fetches into OUT/0, OUT/1, …
 *   get files OUT SCRIPT      what a script names: OUT/kernel and OUT/initrd
 *   get ask NAME URL          prints the script's end and kernel of one answer of a scheduler
 *   get serve OUT NAME URL COMMAND…  serves; for each job COMMAND is run with its kernel, its
 *                             initrd and its arguments, and its exit status is the job's
 *
 * CACHE (a folder) and PATIENCE, DEADLINE, CACHE_BYTES, SCRIPT_BYTES, CACHE_DAYS, CA, SAFE_STOP,
 * TOKEN, ARCH, SENT, LOG_SERVER, REACH are environment. Failures are "failure: …" on standard
 * output, and status 1.
 */
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "src/common/url.h"
#include "src/testbox/commands/serve.h"
#include "src/testbox/download/boot_files.h"
#include "src/testbox/plan/script.h"

#include <fcntl.h>
#include <string.h>

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

static unsigned number_of(const char *name)
{
	const char *value = getenv(name);

	return value ? (unsigned)strtoul(value, NULL, 10) : 0;
}

static struct download_options options_of_environment(void)
{
	return (struct download_options){
		.cache = getenv("CACHE") ? getenv("CACHE") : "cache",
		.cache_bytes = number_of("CACHE_BYTES"),
		.script_bytes = number_of("SCRIPT_BYTES"),
		.cache_days = number_of("CACHE_DAYS"),
		.patience = number_of("PATIENCE"),
		.deadline = number_of("DEADLINE"),
		.ca_file = getenv("CA"),
	};
}

static void copy_out(int fd, const char *dir, size_t i)
{
	auto_free char *path = xasprintf("%s/%zu", dir, i);
	auto_close int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	char data[65536];
	ssize_t n;

	while ((n = read(fd, data, sizeof(data))) > 0)
		if (write(out, data, (size_t)n) != n)
			abort();
	close(fd);
}

static int do_download(char **words, struct failure *f)
{
	struct download_options options = options_of_environment();
	size_t n = strv_len(words + 1);
	struct download *list = xcalloc(n + 1, sizeof(*list));
	int r;

	for (size_t i = 0; i < n; i++)
		list[i] = (struct download){ words[i + 1], -1 };
	r = download_all(list, n, &options, &stop, f);
	for (size_t i = 0; r == 0 && i < n; i++)
		copy_out(list[i].fd, words[0], i);
	free(list);
	return r;
}

static int do_files(char **words, struct failure *f)
{
	struct download_options options = options_of_environment();
	struct variables variables = { 0 };
	struct boot_script script = { 0 };
	struct boot_files files = { 0 };
	struct reach reach = { 0 };
	auto_free char *url = NULL, *text = NULL;
	int r;

	variables_of_machine(&variables, "vm-2p8g-1", "0a-01-02-03-04-05");
	r = url_of_argument(words[1], &url, f);
	if (r == 0)
		r = scheduler_fetch_script(url, NULL, NULL, NULL, &stop, &text, f);
	if (r == 0)
		r = script_read(text, url, &variables, &script, f);
	if (r == 0 && !strncmp(url, "http", 4))
		script.from = xstrdup(url);
	if (getenv("REACH"))
		(void)reach_read(&reach, getenv("REACH"));
	options.reach = &reach;
	if (r == 0)
		r = boot_files_get(&script, words[0], &options, &stop, &files, f);
	if (r == 0)
		printf("kernel %s\ninitrd %s\nargs %s\n", files.kernel,
		       files.initrd ? files.initrd : "none", script.args);
	free(files.kernel);
	free(files.initrd);
	boot_script_done(&script);
	reach_done(&reach);
	variables_done(&variables);
	return r;
}

static struct scheduler scheduler_of(const char *name, const char *url)
{
	return (struct scheduler){
		.url = url,
		.name = name,
		.mac = "0a-01-02-03-04-05",
		.queues = getenv("QUEUES"),
		.ca_file = getenv("CA"),
		.token_file = getenv("TOKEN"),
		.arch = getenv("ARCH"),
		.memory_gb = 8,
		.pause = number_of("PAUSE"),
		.patience = number_of("PATIENCE"),
	};
}

static int do_ask(char **words, struct failure *f)
{
	struct scheduler scheduler = scheduler_of(words[0], words[1]);
	struct boot_script script = { 0 };
	int r = scheduler_next_job(&scheduler, NULL, NULL, &stop, &script, f);

	if (r == 0)
		printf("%s\n", script.end == BOOT_SCRIPT_EXIT ? "exit" : script.kernel);
	boot_script_done(&script);
	return r;
}

/* Runs a program in the machine's place. */
static int run_command(void *arg, const struct boot_script *script, const struct boot_files *files,
		       const volatile sig_atomic_t *end, struct run_result *ret, struct failure *f)
{
	auto_free const char **argv = NULL;
	char **words = arg;
	size_t n = strv_len(words);
	struct program_watch watch = { .stop = end };
	int r;

	argv = xcalloc(n + 4, sizeof(*argv));
	for (size_t i = 0; i < n; i++)
		argv[i] = words[i];
	argv[n] = files->kernel;
	argv[n + 1] = files->initrd ? files->initrd : "none";
	argv[n + 2] = script->args;
	r = program_run(&(struct program){ .argv = argv, .output = STDOUT_FILENO }, &watch, f);
	if (r >= 0)
		ret->status = r;
	return r < 0 ? r : 0;
}

static int do_serve(char **words, struct failure *f)
{
	struct serve_options options = {
		.scheduler = scheduler_of(words[1], words[2]),
		.downloads = options_of_environment(),
		.dir = words[0],
		.safe_stop = getenv("SAFE_STOP"),
		.beat = 1,
		.log = getenv("SENT"),
		.log_server = getenv("LOG_SERVER"),
		.run = run_command,
		.arg = words + 3,
	};

	return serve(&options, f);
}

static const struct {
	const char *name;
	int (*run)(char **words, struct failure *f);
	int words;
} commands[] = {
	{ "download", do_download, 2 },
	{ "files", do_files, 2 },
	{ "ask", do_ask, 2 },
	{ "serve", do_serve, 4 },
};

int main(int argc, char **argv)
{
	auto_failure struct failure f = { 0 };
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGTERM, &action, NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[1], commands[i].name) != 0 || argc - 2 < commands[i].words)
			continue;
		if (commands[i].run(argv + 2, &f) >= 0)
			return 0;
		auto_free char *text = log_failure_text(&f);

		printf("failure: %s\n", text);
		return 1;
	}
	fputs("see the head of tests/root/testbox/download/get.c\n", stderr);
	return 2;
}

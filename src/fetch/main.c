// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rootovl-fetch: fetches an image for `rootovl boot`, which runs it where root= is live:…, and for
 * tests. A program of its own, for libcurl and what that needs are as large as the rest of an
 * image.
 */
#include "src/common/command.h"
#include "src/common/files.h"
#include "src/common/jail_child.h"
#include "src/common/jail_filter.h"
#include "src/fetch/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#define PATIENCE_MAX 999999999
#define CA_MAX	     (16 << 20)

#ifdef __SANITIZE_ADDRESS__
/* The search for leaks at the end needs ptrace(2), which drop_rights() takes away. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

static void progress(uint64_t done, uint64_t size, const char *waiting)
{
	printf("%" PRIu64 " %" PRIu64 " %s\n", done, size == UINT64_MAX ? 0 : size,
	       waiting ? waiting : "");
	fflush(stdout);
}

/*
 * A user of its own, without rights: from here on it speaks with the network. An initramfs has no
 * user for it, and needs none (JAIL_ID). A file of CA certificates may be root's alone.
 */
static int drop_rights(struct fetch_request *request, char **ret_ca, struct failure *f)
{
	int r;

	if (request->ca_file && file_read(AT_FDCWD, request->ca_file, CA_MAX, ret_ca) == 0)
		request->ca_text = *ret_ca;
	r = jail_drop(0);
	if (r == 0)
		r = jail_filter_put(JAIL_FETCHES);
	return r < 0 ? fail_errno(f, -r, NULL, "giving up rights") : 0;
}

static int run(const struct command_line *line)
{
	struct fetch_request request = {
		.url = getenv("ROOTOVL_URL"),
		.digest = command_value(line, "digest"),
		.patience = command_number(line, "patience", 90),
		.ca_file = command_value(line, "ca"),
		.progress_ms = 5000,
		.progress = progress,
	};
	const char *path = line->operands[0];
	auto_failure struct failure f = { 0 };
	auto_close int file = -1;
	auto_free char *ca = NULL;
	int r = 0;

	if (!request.url)
		return command_usage(line, "which URL is in ROOTOVL_URL?");
	file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file < 0)
		r = fail_errno(&f, errno, NULL, "%s", path);
	request.file = file;
	if (r == 0)
		r = drop_rights(&request, &ca, &f);
	if (r == 0)
		r = fetch(&request, &f);
	if (r < 0)
		printf("failed %d\n%s\n%s\n", f.code, f.what, f.hint ? f.hint : "");
	return r < 0 ? 1 : 0;
}

static const struct command_option options[] = {
	{ "digest", .argument = "HEX", .help = "the SHA-256 that it must have" },
	{ "patience", .argument = "SECONDS", .max = PATIENCE_MAX,
	  .help = "give up when it came no further for so long, 90; when it is slower than 100 "
		  "kB/s after that time; or when 20 times that time and half an hour are over" },
	{ "ca", .argument = "FILE", .kind = COMMAND_FILE,
	  .help = "trust these certificates, instead of the system's" },
	{ 0 },
};

static const struct command command_fetch = {
	.synopsis = "[OPTIONS] FILE",
	.about = "Fetches what the URL in the environment variable ROOTOVL_URL names into FILE. In "
		 "the environment no process list shows it, with the password that may be in it.",
	.options = options,
	.operands = (const struct command_operand[]){ { "FILE", .kind = COMMAND_FILE }, { 0 } },
	.notes = "On standard output: lines \"done SIZE TEXT\" with the bytes so far, those of the "
		 "whole file, and what is waited for; at the end of a failure \"failed CODE\", and "
		 "two lines, what and a hint.",
	.exits = "Exit status: 0 fetched, 1 failed, 2 wrong usage.",
	.run = run,
};

int main(int argc, char **argv)
{
	static const struct command *const commands[] = { &command_fetch, NULL };
	static const struct command_program program = {
		.name = "rootovl-fetch", .commands = commands, .usage = 2, .failed = 1
	};

	return command_single(&program, argc, argv);
}

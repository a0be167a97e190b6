// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rootovl-fetch: fetches an image for `rootovl boot`, which runs it where root= is live:…, and for
 * tests. A program of its own, for libcurl and what that needs are as large as the rest of an
 * image.
 */
#include "src/common/mem.h"
#include "src/fetch/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

static const char usage[] =
	"usage: ROOTOVL_URL=http(s)://… rootovl-fetch [OPTIONS] FILE\n"
	"Fetches what the URL names into FILE. In the environment no process list shows it, with "
	"the\n"
	"password that may be in it.\n"
	"\n"
	"  --digest HEX       the SHA-256 that it must have\n"
	"  --patience SECONDS give up when it came no further for so long; 90\n"
	"  --ca FILE          trust these certificates, in place of the system's\n"
	"\n"
	"On standard output: lines \"done SIZE TEXT\" with the bytes so far, those of the whole "
	"file, and\n"
	"what is waited for; at the end of a failure \"failed CODE\", and two lines, what and a "
	"hint.\n"
	"\n"
	"Exit status: 0 fetched, 1 failed, 2 wrong usage.\n";

static void progress(uint64_t done, uint64_t size, const char *waiting)
{
	printf("%" PRIu64 " %" PRIu64 " %s\n", done, size == UINT64_MAX ? 0 : size,
	       waiting ? waiting : "");
	fflush(stdout);
}

static int run(const char *path, struct fetch_request *request)
{
	auto_close int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	auto_failure struct failure f = { 0 };
	int r = file < 0 ? fail_errno(&f, errno, NULL, "%s", path) : 0;

	request->file = file;
	if (r == 0)
		r = fetch(request, &f);
	if (r < 0)
		printf("failed %d\n%s\n%s\n", f.code, f.what, f.hint ? f.hint : "");
	return r < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "digest", required_argument, NULL, 'd' },
		{ "patience", required_argument, NULL, 'p' },
		{ "ca", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct fetch_request request = {
		.url = getenv("ROOTOVL_URL"),
		.patience = 90,
		.progress_ms = 5000,
		.progress = progress,
	};

	for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
		if (c == 'd')
			request.digest = optarg;
		else if (c == 'p')
			request.patience = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'c')
			request.ca_file = optarg;
		else
			return fputs(usage, c == 'h' ? stdout : stderr), c == 'h' ? 0 : 2;
	}
	if (optind + 1 != argc || !request.url)
		return fputs(usage, stderr), 2;
	return run(argv[optind], &request);
}

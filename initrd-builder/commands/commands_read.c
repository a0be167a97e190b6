// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands that look at initrds. */
#include "initrd-builder/commands/commands.h"
#include "initrd-builder/read/inspect.h"
#include "initrd-builder/read/verify.h"
#include "src/common/log.h"
#include "src/common/mem.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

static const char inspect_help[] =
	"usage: initrd-builder inspect [--list] [--json] FILE…\n"
	"\n"
	"Shows the segments of initrds, found as the kernel finds them: where each begins, how "
	"long\n"
	"it is, its compression, entries, size unpacked, and what it is for.\n"
	"\n"
	"      --list  the entries too, each with the number of its segment\n"
	"      --json  for programs\n"
	"      --help  this text\n"
	"\n"
	"Exit status: 0 all is whole, 1 a file cannot be read, 2 wrong usage, 4 something is "
	"damaged.\n";

int command_inspect(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "list", no_argument, NULL, 'l' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	auto_failure struct failure f = { 0 };
	struct inspect_options options = { 0 };
	int c, r;

	while ((c = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		if (c == 'l')
			options.list = true;
		else if (c == 'j')
			options.json = true;
		else if (c == 'h')
			return fputs(inspect_help, stdout) < 0 ? EXIT_FAILED : EXIT_OK;
		else
			return usage(NULL);
	}
	if (optind == argc)
		return usage("which FILE?");
	r = inspect_files(argv + optind, &options, &f);
	return r < 0 ? tell(&f, r) : r ? EXIT_FOUND : EXIT_OK;
}

static const char verify_help[] =
	"usage: initrd-builder verify [--rootfs DIR] [--kernel-config FILE] [--memory SIZE] FILE…\n"
	"\n"
	"Finds what breaks boots in files that a machine is given as initrds, in this order. Each\n"
	"finding is one line: the file, the segment, the path, what is wrong.\n"
	"\n"
	"      --rootfs DIR          the root that will be booted: its kernels, their "
	"configuration\n"
	"      --kernel-config FILE  the configuration of the kernel, in place of the root's\n"
	"      --memory SIZE         what the files may take, packed and unpacked: 512M, 2G\n"
	"      --help                this text\n"
	"\n"
	"Exit status: 0 nothing found, 1 a file cannot be read, 2 wrong usage, 4 something "
	"found.\n";

/* "512M"; gives 0 where it is no size. */
static uint64_t parse_size(const char *text)
{
	static const char units[] = "KMGT";
	size_t digits = strspn(text, "0123456789");
	uint64_t size = strtoull(text, NULL, 10);
	const char *unit = text[digits] ? strchr(units, text[digits]) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;

	if (!digits || digits > 18 || (text[digits] && (!unit || text[digits + 1])))
		return 0;
	return size << shift >> shift == size ? size << shift : 0;
}

static void show_finding(void *arg, const struct finding *found)
{
	*(unsigned *)arg += 1;
	printf("%s: ", found->file);
	if (found->segment)
		printf("segment %u at %" PRIu64 " (%s): ", found->segment, found->offset,
		       found->compression);
	else
		printf("at %" PRIu64 ": ", found->offset);
	printf("%s%s%s\n", found->path ? found->path : "", found->path ? ": " : "", found->text);
}

struct verify_arguments {
	const char *rootfs, *config, *memory;
	char **files;
};

static int run_verify(const struct verify_arguments *arguments, unsigned *found, struct failure *f)
{
	auto_verify struct verify *verify = verify_new(show_finding, found);
	bool has_config = true;
	int r = 0;

	if (arguments->memory)
		verify_memory(verify, parse_size(arguments->memory));
	if (arguments->config)
		r = verify_kernel_config(verify, arguments->config, f);
	if (r == 0 && arguments->rootfs)
		r = verify_rootfs(verify, arguments->rootfs, &has_config, f);
	if (r == 0 && !has_config && !arguments->config)
		log_line(
			LOG_WARNING,
			"initrd-builder: warning: %s: no configuration of its kernel: compressions "
			"are not checked (give --kernel-config)",
			arguments->rootfs);
	for (char **file = arguments->files; r == 0 && *file; file++)
		r = verify_file(verify, *file, f);
	if (r == 0)
		verify_end(verify);
	return r;
}

int command_verify(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "rootfs", required_argument, NULL, 'r' },
		{ "kernel-config", required_argument, NULL, 'k' },
		{ "memory", required_argument, NULL, 'm' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	auto_failure struct failure f = { 0 };
	struct verify_arguments arguments = { 0 };
	unsigned found = 0;
	int c, r;

	while ((c = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		if (c == 'r')
			arguments.rootfs = optarg;
		else if (c == 'k')
			arguments.config = optarg;
		else if (c == 'm')
			arguments.memory = optarg;
		else if (c == 'h')
			return fputs(verify_help, stdout) < 0 ? EXIT_FAILED : EXIT_OK;
		else
			return usage(NULL);
	}
	if (arguments.memory && parse_size(arguments.memory) == 0)
		return usage("--memory: a size is wanted, as 512M or 2G");
	if (optind == argc)
		return usage("which FILE?");
	arguments.files = argv + optind;
	r = run_verify(&arguments, &found, &f);
	return r < 0 ? tell(&f, r) : found ? EXIT_FOUND : EXIT_OK;
}

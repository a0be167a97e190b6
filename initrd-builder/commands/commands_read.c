// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/commands/commands_read.h"

#include "initrd-builder/base/exit_code.h"
#include "initrd-builder/build/parts.h"
#include "initrd-builder/read/inspect.h"
#include "initrd-builder/read/verify.h"
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#define TABLE_MAX 65536

static const struct command_operand files[] = { { "FILE", .kind = COMMAND_FILE, .repeated = true },
						{ 0 } };

static int run_inspect(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	struct inspect_options options = {
		.list = command_value(line, "list"),
		.json = command_value(line, "json"),
	};
	int r = inspect_files(line->operands, &options, &f);

	return r < 0 ? command_failed(&f) : r ? EXIT_FOUND : EXIT_OK;
}

const struct command command_inspect = {
	.name = "inspect",
	.meaning = "show what initrds are made of",
	.synopsis = "[--list] [--json] FILE…",
	.about = "Shows the segments of initrds, found as the kernel finds them: where each "
		 "begins, how long it is, its compression, entries, size unpacked, and what it is "
		 "for.",
	.options =
		(const struct command_option[]){
			{ "list", .help = "the entries too, each with the number of its segment" },
			{ "json", .help = "for programs" },
			{ 0 } },
	.operands = files,
	.exits = "Exit status: 0 all is whole, 1 a file cannot be read, 2 wrong usage, 4 something "
		 "is damaged.",
	.run = run_inspect,
};

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
	*(unsigned *)arg += !found->note;
	printf("%s: ", found->file);
	if (found->segment)
		printf("segment %u at %" PRIu64 " (%s): ", found->segment, found->offset,
		       found->compression);
	else
		printf("at %" PRIu64 ": ", found->offset);
	printf("%s%s%s\n", found->path ? found->path : "", found->path ? ": " : "", found->text);
}

/* The payload table of this installation, for files without an image. */
static void give_table(struct verify *verify)
{
	auto_failure struct failure unsaid = { 0 };
	auto_free char *text = NULL;
	struct parts parts = { 0 };

	if (parts_find(&parts, &unsaid) == 0 &&
	    file_read(AT_FDCWD, parts.path[PART_PAYLOAD], TABLE_MAX, &text) == 0)
		verify_table(verify, text);
	parts_done(&parts);
}

static int verify_line(const struct command_line *line, unsigned *found, struct failure *f)
{
	const char *rootfs = command_value(line, "rootfs"), *memory = command_value(line, "memory");
	const char *config = command_value(line, "kernel-config");
	const char *units = command_value(line, "enable");
	auto_verify struct verify *verify = verify_new(show_finding, found);
	bool has_config = true;
	int r = 0;

	give_table(verify);
	if (memory)
		verify_memory(verify, parse_size(memory));
	if (units)
		verify_enable(verify, units);
	if (config)
		r = verify_kernel_config(verify, config, f);
	if (r == 0 && rootfs)
		r = verify_rootfs(verify, rootfs, &has_config, f);
	if (r == 0 && !has_config && !config)
		log_line(
			LOG_WARNING,
			"initrd-builder: warning: %s: no configuration of its kernel: compressions "
			"are not checked (give --kernel-config)",
			rootfs);
	for (char **file = line->operands; r == 0 && *file; file++)
		r = verify_file(verify, *file, f);
	if (r == 0)
		verify_end(verify);
	return r;
}

static int run_verify(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	const char *memory = command_value(line, "memory");
	unsigned found = 0;

	if (memory && parse_size(memory) == 0)
		return command_usage(line, "--memory: a size is wanted, as 512M or 2G");
	if (verify_line(line, &found, &f) < 0)
		return command_failed(&f);
	return found ? EXIT_FOUND : EXIT_OK;
}

const struct command command_verify = {
	.name = "verify",
	.meaning = "find what breaks boots in initrds",
	.synopsis = "[--rootfs DIR] [--kernel-config FILE] [--memory SIZE] [--enable UNIT,…] FILE…",
	.about = "Finds what breaks boots in files that a machine is given as initrds, in this "
		 "order. Each finding is one line: the file, the segment, the path, what is wrong.",
	.options =
		(const struct command_option[]){
			{ "rootfs", .argument = "DIR", .kind = COMMAND_DIR,
			  .help = "the root that will be booted: its kernels, their "
				  "configuration" },
			{ "kernel-config", .argument = "FILE", .kind = COMMAND_FILE,
			  .help = "the configuration of the kernel, instead of the root's" },
			{ "memory", .argument = "SIZE",
			  .help = "what the files may take, packed and unpacked: 512M, 2G" },
			{ "enable", .argument = "UNIT,…",
			  .help = "the units that rootovl.enable= on the kernel line names" },
			{ 0 } },
	.operands = files,
	.exits = "Exit status: 0 nothing found, 1 a file cannot be read, 2 wrong usage, 4 "
		 "something found.",
	.run = run_verify,
};

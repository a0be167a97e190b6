// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/commands/commands_read.h"

#include "initrd-builder/base/exit_code.h"
#include "initrd-builder/build/parts.h"
#include "initrd-builder/read/inspect.h"
#include "initrd-builder/read/verify.h"
#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/jail.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#define TABLE_MAX  65536
#define CPU_S	   3600 /* for all files of a command */
#define MEMORY	   ((uint64_t)4 << 30)
#define OUTPUT_MAX ((uint64_t)16 << 30)
#define ANSWER_MAX ((size_t)4 << 20)

static const struct command_operand files[] = { { "FILE", .kind = COMMAND_FILE, .repeated = true },
						{ 0 } };

/* What is done in the jail; jail.h. */
struct look {
	const struct command_line *line;
	int *fds; /* of the operands; -1 behind the last. Which one is not open is -errno. */
	char *table;
	FILE *answer;
	unsigned shown, more; /* findings */
	bool found;
};

static void look_open(struct look *look, const struct command_line *line)
{
	size_t n = strv_len(line->operands);

	*look = (struct look){ .line = line, .fds = xcalloc(n + 1, sizeof(*look->fds)) };
	for (size_t i = 0; i < n; i++) {
		look->fds[i] = open(line->operands[i], O_RDONLY | O_CLOEXEC);
		if (look->fds[i] < 0)
			look->fds[i] = -errno;
	}
	look->fds[n] = -1;
}

static void look_done(struct look *look)
{
	free(look->fds); /* the program ends, and they with it */
	free(look->table);
}
#define auto_look __attribute__((cleanup(look_done)))

static int look_inspect(void *arg, FILE *answer, struct failure *f)
{
	const struct look *look = arg;
	const struct inspect_options options = {
		.list = command_value(look->line, "list"),
		.json = command_value(look->line, "json"),
	};

	(void)answer; /* it may be long, and goes to standard output */
	return inspect_files(look->line->operands, look->fds, &options, f);
}

/* Those that are open, and `first` (-1: none). */
static int *kept(const struct look *look, int first)
{
	size_t n = strv_len(look->line->operands), kept = 0;
	int *keep = xcalloc(n + 2, sizeof(*keep));

	if (first >= 0)
		keep[kept++] = first;
	for (size_t i = 0; i < n; i++)
		if (look->fds[i] >= 0)
			keep[kept++] = look->fds[i];
	keep[kept] = -1;
	return keep;
}

static int run_inspect(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	auto_look struct look look = { 0 };
	auto_free int *keep = NULL;
	auto_free char *nothing = NULL;
	size_t len;
	int r;

	look_open(&look, line);
	keep = kept(&look, STDOUT_FILENO);
	r = run_jailed(&(struct jail){ .name = "inspect",
				       .work = look_inspect,
				       .arg = &look,
				       .keep = keep,
				       .memory = MEMORY,
				       .file = OUTPUT_MAX,
				       .cpu_s = CPU_S,
				       .stop = &interrupted },
		       &nothing, &len, &f);
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

static void tell_finding(void *arg, const struct finding *found)
{
	auto_free char *where = NULL;
	struct look *look = arg;

	look->found |= !found->note;
	if (look->shown == FINDINGS_MAX) {
		look->more++;
		return;
	}
	look->shown++;
	if (found->segment)
		where = xasprintf("segment %u at %" PRIu64 " (%s)", found->segment, found->offset,
				  found->compression);
	else
		where = xasprintf("at %" PRIu64, found->offset);
	one_line_print(look->answer, "%s: %s: %s%s%s", found->file, where,
		       found->path ? found->path : "", found->path ? ": " : "", found->text);
}

/* The payload table of this installation, for files without an image; NULL: there is none. */
static char *read_table(void)
{
	auto_failure struct failure unsaid = { 0 };
	char *text = NULL;
	struct parts parts = { 0 };

	if (parts_find(&parts, &unsaid) == 0)
		file_read(AT_FDCWD, parts.path[PART_PAYLOAD], TABLE_MAX, &text);
	parts_done(&parts);
	return text;
}

/* What look_verify() gives. */
enum verify_bits {
	VERIFY_FOUND = 1,
	VERIFY_NO_CONFIG = 2,
};

static int verify_prepare(struct verify *verify, const struct look *look, bool *ret_config,
			  struct failure *f)
{
	const struct command_line *line = look->line;
	const char *rootfs = command_value(line, "rootfs"), *memory = command_value(line, "memory");
	const char *config = command_value(line, "kernel-config");
	const char *units = command_value(line, "enable");
	const char *cmdline = command_value(line, "cmdline");
	int r = 0;

	*ret_config = true;
	if (look->table)
		verify_table(verify, look->table);
	if (memory)
		verify_memory(verify, parse_size(memory));
	if (units)
		verify_enable(verify, units);
	if (cmdline)
		verify_cmdline(verify, cmdline);
	if (config)
		r = verify_kernel_config(verify, config, f);
	if (r == 0 && rootfs)
		r = verify_rootfs(verify, rootfs, ret_config, f);
	*ret_config |= !!config;
	return r;
}

static int look_verify(void *arg, FILE *answer, struct failure *f)
{
	struct look *look = arg;
	auto_verify struct verify *verify = verify_new(tell_finding, look);
	bool has_config;
	int r = verify_prepare(verify, look, &has_config, f);

	look->answer = answer;
	for (size_t i = 0; r == 0 && look->line->operands[i]; i++)
		r = verify_file(verify, look->line->operands[i], look->fds[i], f);
	if (r == 0)
		verify_end(verify);
	if (look->more)
		fprintf(answer, "and %u more\n", look->more);
	if (r < 0)
		return r;
	return (look->found ? VERIFY_FOUND : 0) | (has_config ? 0 : VERIFY_NO_CONFIG);
}

/* The jail may have been broken into: its text has no control characters here either. */
static void show_lines(const char *text)
{
	auto_strv char **lines = text ? strv_split(text, "\n") : NULL;

	for (char **line = lines; line && *line; line++)
		one_line_print(stdout, "%s", *line);
}

static int run_verify(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	const char *memory = command_value(line, "memory"), *rootfs = command_value(line, "rootfs");
	auto_close int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_free char *found = NULL;
	auto_free int *keep = NULL;
	auto_look struct look look = { 0 };
	size_t len;
	int r;

	if (memory && parse_size(memory) == 0)
		return command_usage(line, "--memory: a size is wanted, as 512M or 2G");
	look_open(&look, line);
	look.table = read_table();
	keep = kept(&look, -1);
	r = run_jailed(&(struct jail){ .name = "verify",
				       .work = look_verify,
				       .arg = &look,
				       .keep = keep,
				       .dir = here < 0 ? 0 : here,
				       .reads_all = rootfs || command_value(line, "kernel-config"),
				       .memory = MEMORY,
				       .cpu_s = CPU_S,
				       .answer_max = ANSWER_MAX,
				       .stop = &interrupted },
		       &found, &len, &f);
	if (r >= 0 && r & VERIFY_NO_CONFIG)
		log_line(
			LOG_WARNING,
			"initrd-builder: warning: %s: no configuration of its kernel: compressions "
			"are not checked (give --kernel-config)",
			rootfs);
	show_lines(found);
	return r < 0 ? command_failed(&f) : r & VERIFY_FOUND ? EXIT_FOUND : EXIT_OK;
}

const struct command command_verify = {
	.name = "verify",
	.meaning = "find what breaks boots in initrds",
	.synopsis = "[--rootfs DIR] [--kernel-config FILE] [--memory SIZE] [--enable UNIT,…] "
		    "[--cmdline LINE] FILE…",
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
			{ "cmdline", .argument = "LINE",
			  .help = "the kernel line: does an image without systemd do for it?" },
			{ 0 } },
	.operands = files,
	.exits = "Exit status: 0 nothing found, 1 a file cannot be read, 2 wrong usage, 4 "
		 "something found.",
	.run = run_verify,
};

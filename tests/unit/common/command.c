// SPDX-License-Identifier: GPL-2.0-or-later
/* The rows of commands: what is read by them, the help, wrong usage, and the rows of our programs.
 */
#include "src/common/command.h"

#include "initrd-builder/build/engine.h"
#include "initrd-builder/build/features.h"
#include "initrd-builder/commands/arguments.h"
#include "initrd-builder/commands/commands.h"
#include "initrd-builder/root/arch.h"
#include "src/common/command_option.h"
#include "src/common/mem.h"
#include "src/testbox/commands/commands.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#undef fail /* ours is meant */

#define WORDS_MAX 16

static char *seen; /* what the command of the tests was given */
static int error;  /* the failure that it ends by; 0: none */
static unsigned cleared;
static char *out, *errors; /* what the last command line printed */

static int run(const struct command_line *line)
{
	auto_free char *operands = strv_join(line->operands, "+"), *names = xstrdup("");
	const char *output = command_value(line, "output"), *name;
	auto_failure struct failure f = { 0 };

	for (size_t i = 0; (name = command_next(line, "name", &i));)
		set_text(&names, xasprintf("%s %s.", names, name));
	set_text(&seen, xasprintf("%s %s%s %u%s", operands, output ? output : "none",
				  command_value(line, "quiet") ? " quiet" : "",
				  command_number(line, "count", 7), names));
	if (!error)
		return 0;
	fail(&f, error, "look there", "it broke");
	return command_failed(&f);
}

static void clear(void)
{
	cleared++;
}

static const struct command_option own[] = {
	{ "output", 'o', .argument = "FILE", .kind = COMMAND_FILE,
	  .help = "where the result goes, which is a text long enough to be wrapped at its "
		  "column" },
	{ "name", .argument = "NAME", .help = "…a name" },
	{ 0 },
};
static const struct command_option shared[] = {
	{ "quiet", 'q', .help = "no words" },
	{ "count", .argument = "N", .min = 1, .max = 99, .help = "how often (7)" },
	{ "how-to-colour-it", .argument = "red|green", .words = "red green", .help = "a colour" },
	{ 0 },
};
static const struct command make = {
	.name = "make",
	.meaning = "make it",
	.synopsis = "[OPTION]… DIR [FILE…]\n--quiet",
	.about = "Makes it.",
	.options = own,
	.shared = shared,
	.operands =
		(const struct command_operand[]){ { "DIR", .kind = COMMAND_DIR },
						  { "FILE", .optional = true, .repeated = true },
						  { 0 } },
	.notes = "A note.",
	.exits = "Exit status: 0.",
	.run = run,
};
static const struct command must = {
	.name = "must",
	.meaning = "want it all",
	.synopsis = "--it IT red|green",
	.about = "Wants it.",
	.options =
		(const struct command_option[]){
			{ "it", .argument = "IT", .required = true, .help = "it" }, { 0 } },
	.operands = (const struct command_operand[]){ { "COLOUR", .words = "red green" }, { 0 } },
	.exits = "Exit status: 0.",
	.run = NULL, /* no test comes so far */
};
static const struct command *const commands[] = { &make, &must, NULL };
static const struct command_program program = {
	.name = "prog",
	.about = "A program.",
	.see = "so does prog(8)",
	.commands = commands,
	.usage = 22,
	.failed = 21,
	.statuses = (const struct command_status[]){ { EBUSY, 25 }, { 0, 0 } },
	.clear = clear,
};

/* Runs a program by the words of a line, '' being an empty one, and keeps what it prints. */
static int call(const struct command_program *of, const char *line)
{
	char *argv[WORDS_MAX + 2] = { (char *)of->name }, **printed[] = { &out, &errors };
	auto_strv char **words = strv_split(line, " ");
	int files[2], kept[2], argc = 1, status;

	for (char **word = words; word && *word; word++)
		argv[argc++] = strcmp(*word, "''") == 0 ? *word + 2 : *word;
	fflush(stdout);
	for (int i = 0; i < 2; i++) {
		files[i] = memfd_create("printed", MFD_CLOEXEC);
		kept[i] = dup(i + 1);
		dup2(files[i], i + 1);
	}
	status = command_main(of, argc, argv);
	fflush(stdout);
	for (int i = 0; i < 2; i++) {
		char text[16384];
		ssize_t n = pread(files[i], text, sizeof(text), 0);

		dup2(kept[i], i + 1);
		close(kept[i]);
		close(files[i]);
		set_text(printed[i], xstrndup(text, n < 0 ? 0 : (size_t)n));
	}
	return status;
}

int unit_set_up(void **state)
{
	(void)state;
	unsetenv("JOURNAL_STREAM");
	return 0;
}

TEST(a_command_gets_the_options_and_operands_that_were_given)
{
	static const char *const lines[][2] = {
		{ "make d", "d none 7" },
		{ "make -o f d", "d f 7" },
		{ "make d -qof --count 12 e f", "d+e+f f quiet 12" },
		{ "make --output=f --output g d --name a --name= --name b", "d g 7 a. . b." },
		{ "make --qui -- d --count", "d+--count none quiet 7" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(call(&program, lines[i][0]), 0);
		assert_string_equal(errors, "");
		assert_string_equal(seen, lines[i][1]);
	}
}

TEST(wrong_usage_is_one_line)
{
	static const char *const lines[][2] = {
		{ "x", "prog: there is no command \"x\"; see prog --help\n" },
		{ "--nonsense=1", "prog: unknown option --nonsense; see prog --help\n" },
		{ "make --nonsense=1 d",
		  "prog make: unknown option --nonsense; see prog make --help\n" },
		{ "mkae",
		  "prog: there is no command \"mkae\" (did you mean make?); see prog --help\n" },
		{ "make --ouptut=1 d", "prog make: unknown option --ouptut (did you mean "
				       "--output?); see prog make --help\n" },
		{ "--completion", "prog: unknown option --completion; see prog --help\n" },
		{ "--completion csh", "prog: unknown option --completion; see prog --help\n" },
		{ "make -x d", "prog make: unknown option -x; see prog make --help\n" },
		{ "make --quiet=1 d",
		  "prog make: option --quiet takes no argument; see prog make --help\n" },
		{ "make d -o", "prog make: --output: which FILE?; see prog make --help\n" },
		{ "make d -o ''", "prog make: --output: which FILE?; see prog make --help\n" },
		{ "make --count 0 d",
		  "prog make: --count: a number from 1 to 99; see prog make --help\n" },
		{ "make --count 2x d",
		  "prog make: --count: a number from 1 to 99; see prog make --help\n" },
		{ "make --how-to-colour-it blue d",
		  "prog make: --how-to-colour-it: one of red, green; see prog make --help\n" },
		{ "make", "prog make: which DIR?; see prog make --help\n" },
		{ "make ''", "prog make: which DIR?; see prog make --help\n" },
		{ "must red", "prog must: --it: which IT?; see prog must --help\n" },
		{ "must --it x", "prog must: which COLOUR?; see prog must --help\n" },
		{ "must --it x blue",
		  "prog must: COLOUR: one of red, green; see prog must --help\n" },
		{ "must --it x red a",
		  "prog must: unexpected argument \"a\"; see prog must --help\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(call(&program, lines[i][0]), 22);
		assert_string_equal(out, "");
		assert_string_equal(errors, lines[i][1]);
	}
	assert_int_equal(call(&program, "a\nb"), 22);
	assert_string_equal(errors, "prog: there is no command \"a\\x0ab\"; see prog --help\n");
}

TEST(the_help_is_made_of_the_rows)
{
	static const char help[] =
		"usage: prog make [OPTION]… DIR [FILE…]\n"
		"       prog make --quiet\n"
		"\n"
		"Makes it.\n"
		"\n"
		"  -o, --output FILE  where the result goes, which is a text long enough to be\n"
		"                     wrapped at its column\n"
		"      --name NAME    …a name\n"
		"  -q, --quiet        no words\n"
		"      --count N      how often (7)\n"
		"      --how-to-colour-it red|green\n"
		"                     a colour\n"
		"  -h, --help         this text\n"
		"\n"
		"A note.\n"
		"\n"
		"Exit status: 0.\n";
	static const char list[] = "usage: prog COMMAND …\n"
				   "\n"
				   "A program.\n"
				   "\n"
				   "  make  make it\n"
				   "  must  want it all\n"
				   "\n"
				   "`prog COMMAND --help` says more; so does prog(8).\n";

	assert_int_equal(call(&program, "make -qh --nonsense"), 0);
	assert_string_equal(out, help);
	assert_int_equal(call(&program, "-h"), 0);
	assert_string_equal(out, list);
	assert_int_equal(call(&program, ""), 22);
	assert_string_equal(out, "");
	assert_string_equal(errors, list);
	assert_int_equal(call(&program, "--version"), 0);
	assert_string_equal(out, "prog " ROOTOVL_VERSION "\n");
}

TEST(a_failure_has_the_exit_status_of_its_error)
{
	static const int errors_and_statuses[][2] = { { EIO, 21 }, { EBUSY, 25 } };

	for (size_t i = 0; i < ARRAY_SIZE(errors_and_statuses); i++) {
		cleared = 0;
		error = errors_and_statuses[i][0];
		assert_int_equal(call(&program, "make d"), errors_and_statuses[i][1]);
		assert_string_equal(errors, "prog: it broke (look there)\n");
		assert_int_equal(cleared, 1);
	}
	error = 0;
}

/* A command of ours: its rows are complete, without doubles, and in its help. */
static void check_command(const struct command_program *of, const struct command *command)
{
	auto_free char *asked = xasprintf("%s --help", command->name);
	const struct command_option *row, *other;

	assert_int_equal(call(of, asked), 0);
	assert_string_equal(errors, "");
	for (size_t i = 0; (row = command_option(command, i)); i++) {
		auto_free char *name = xasprintf(" --%s", row->name);

		assert_non_null(row->help);
		assert_non_null(strstr(out, name));
		assert_true(row->argument || (!row->kind && !row->words && !row->max));
		for (size_t k = 0; (other = command_option(command, k)); k++)
			assert_true(k == i || (strcmp(row->name, other->name) != 0 &&
					       (!row->letter || row->letter != other->letter)));
	}
	assert_non_null(strstr(out, "\nExit status: "));
	assert_non_null(command->meaning);
	assert_non_null(command->run);
}

TEST(our_rows_are_whole)
{
	const struct command_program *const ours[] = { &builder_program, &testbox_program };
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		for (size_t k = 0; ours[i]->commands[k]; k++)
			check_command(ours[i], ours[i]->commands[k]);
}

TEST(the_words_of_the_builder_are_known)
{
	features set = 0;

	for (const struct command_option *row = arguments_options; row->name; row++) {
		auto_strv char **words = strv_split(row->words ? row->words : "", " ");

		for (char **word = words; word && *word; word++)
			assert_true(!strcmp(row->name, "arch") ? arch_known(*word) != NULL
				    : !strcmp(row->name, "engine")
					    ? engine_find(*word) != NULL
					    : features_add(&set, row->name, *word));
	}
}

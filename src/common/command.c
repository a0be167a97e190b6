// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/command.h"

#include "src/common/command_help.h"
#include "src/common/command_option.h"
#include "src/common/completion.h"
#include "src/common/interrupt.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/near.h"
#include "src/common/one_line.h"

#include <getopt.h>
#include <string.h>

#define LONG	  256 /* getopt(3)'s value of the first option; letters are below */
#define SIGNALLED 128

static const struct command_program *running;

/* Returns the exit status of a program that has printed what was asked for. */
static int printed(void)
{
	return fflush(stdout) == 0 ? 0 : running->failed;
}

/* `text` is taken. */
static int wrong_usage(const char *title, char *text)
{
	auto_free char *line = one_line(text);

	log_line(LOG_ERR, "%s: %s; see %s --help", title, line, title);
	return running->usage;
}

int command_usage(const struct command_line *line, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	return wrong_usage(line->title, text);
}

int command_failed(const struct failure *f)
{
	auto_free char *text = log_failure_text(f);

	if (running->clear)
		running->clear();
	log_line(LOG_ERR, "%s: %s", running->name, text);
	for (const struct command_status *row = running->statuses; row && row->error; row++)
		if (row->error == f->code)
			return row->status;
	return running->failed;
}

/* Aborts for a name that is not in the rows: that is a mistake in the program. */
static const struct command_option *named(const struct command *command, const char *name)
{
	const struct command_option *row;

	for (size_t i = 0; (row = command_option(command, i)); i++)
		if (!strcmp(row->name, name))
			return row;
	abort();
}

char *command_next(const struct command_line *line, const char *option, size_t *i)
{
	const struct command_option *row = named(line->command, option);

	while (*i < line->n_given) {
		const struct command_given *given = &line->given[(*i)++];

		if (given->option == row)
			return given->value;
	}
	return NULL;
}

char *command_value(const struct command_line *line, const char *option)
{
	char *last = NULL, *value;

	for (size_t i = 0; (value = command_next(line, option, &i));)
		last = value;
	return last;
}

unsigned command_number(const struct command_line *line, const char *option, unsigned otherwise)
{
	const char *value = command_value(line, option);

	return value ? (unsigned)strtoul(value, NULL, 10) : otherwise;
}

static bool is_number(const char *text, unsigned min, unsigned max)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long n = strtoul(text, NULL, 10);

	return digits > 0 && digits < 10 && !text[digits] && n >= min && n <= max;
}

/* Returns 0, or the exit status after a report. */
static int check_words(const struct command_line *line, const char *name, const char *value,
		       const char *words)
{
	auto_strv char **list = strv_split(words, " ");
	auto_free char *shown = strv_join(list, ", ");

	return strv_has(list, value) ? 0 : command_usage(line, "%s: one of %s", name, shown);
}

/* The same. */
static int check_value(const struct command_line *line, const struct command_option *row,
		       const char *value)
{
	auto_free char *name = xasprintf("--%s", row->name);

	if (row->kind != COMMAND_TEXT && !*value)
		return command_usage(line, "%s: which %s?", name, row->argument);
	if (row->max && !is_number(value, row->min, row->max))
		return command_usage(line, "%s: a number from %u to %u", name, row->min, row->max);
	return row->words ? check_words(line, name, value, row->words) : 0;
}

/* The same: is there each option and each operand that must be, and no further one? */
static int check_line(const struct command_line *line)
{
	static const struct command_operand none = { 0 };
	const struct command_operand *row = line->command->operands;
	const struct command_option *option;

	for (size_t i = 0; (option = command_option(line->command, i)); i++)
		if (option->required && !command_value(line, option->name))
			return command_usage(line, "--%s: which %s?", option->name,
					     option->argument);
	row = row ? row : &none;
	for (size_t i = 0; i < line->n_operands; i++) {
		const char *value = line->operands[i];
		int r;

		if (!row->name)
			return command_usage(line, "unexpected argument \"%s\"", value);
		if (row->kind != COMMAND_TEXT && !*value)
			return command_usage(line, "which %s?", row->name);
		r = row->words ? check_words(line, row->name, value, row->words) : 0;
		if (r)
			return r;
		row += row->repeated ? line->n_operands == i + 1 : 1;
	}
	return row->name && !row->optional ? command_usage(line, "which %s?", row->name) : 0;
}

static const struct command_option *found(const struct command *command, int c)
{
	const struct command_option *row;

	if (c >= LONG)
		return command_option(command, (size_t)(c - LONG));
	for (size_t i = 0; (row = command_option(command, i)); i++)
		if (row->letter == c)
			return row;
	return NULL;
}

/* Reports an option that the command does not have, "--nmae" or "--nmae=VALUE"; the same. */
static int unknown_option(const struct command_line *line, const char *word)
{
	auto_free char *name = xstrndup(word, strcspn(word, "="));
	struct near_word near = { .word = name + strspn(name, "-") };
	const struct command_option *row;
	auto_free char *question = NULL;

	for (size_t i = 0; (row = command_option(line->command, i)); i++)
		near_try(&near, row->name);
	question = near_question(&near, "--");
	return command_usage(line, "unknown option %s%s", name, question);
}

/* Reports an option that getopt_long(3) refused; the same. */
static int refused(const struct command_line *line, int c, char **argv)
{
	const struct command_option *row = optopt ? found(line->command, optopt) : NULL;
	const char *word = argv[optind - 1];

	if (c == ':')
		return command_usage(line, "--%s: which %s?", row->name, row->argument);
	if (row)
		return command_usage(line, "option --%s takes no argument", row->name);
	if (optopt)
		return command_usage(line, "unknown option -%c", optopt);
	return unknown_option(line, word);
}

/* getopt_long(3)'s form of the options; both are the caller's. */
static struct option *getopt_form(const struct command *command, char **ret_letters)
{
	const struct command_option *row;
	struct option *rows = xcalloc(1, sizeof(*rows));
	char *letters = xstrdup(":");
	size_t n = 0;

	for (; (row = command_option(command, n)); n++) {
		int takes = row->argument ? required_argument : no_argument;

		rows = xreallocarray(rows, n + 2, sizeof(*rows));
		rows[n] = (struct option){ row->name, takes, NULL, LONG + (int)n };
		if (row->letter)
			set_text(&letters,
				 xasprintf("%s%c%s", letters, row->letter, takes ? ":" : ""));
	}
	rows[n] = (struct option){ 0 };
	*ret_letters = letters;
	return rows;
}

/* Returns -1 with a command line that fits, or the exit status. */
static int read_line(struct command_line *line, int argc, char **argv)
{
	static char empty[] = "";
	auto_free char *letters = NULL;
	auto_free struct option *rows = getopt_form(line->command, &letters);
	int c, r;

	optind = 0; /* begin again (getopt(3)) */
	while ((c = getopt_long(argc, argv, letters, rows, NULL)) != -1) {
		const struct command_option *row = found(line->command, c);

		if (c == '?' || c == ':')
			return refused(line, c, argv);
		if (!strcmp(row->name, "help"))
			return command_help_print(stdout, line->title, line->command), printed();
		r = row->argument ? check_value(line, row, optarg) : 0;
		if (r)
			return r;
		line->given = xreallocarray(line->given, line->n_given + 1, sizeof(*line->given));
		line->given[line->n_given++] =
			(struct command_given){ row, row->argument ? optarg : empty };
	}
	line->operands = argv + optind;
	line->n_operands = (size_t)(argc - optind);
	r = check_line(line);
	return r ? r : -1;
}

/* `title`, which is taken, is the name of the command as users know it. */
static int run_command(const struct command *command, char *title, int argc, char **argv)
{
	struct command_line line = { .command = command, .title = title };
	int status = read_line(&line, argc, argv);

	if (status < 0) {
		if (running->begin)
			running->begin();
		status = command->run(&line);
	}
	free(line.given);
	free(line.title);
	return interrupted ? SIGNALLED + interrupted : status;
}

static int unknown_command(const struct command_program *program, const char *name)
{
	struct near_word near = { .word = name };
	auto_free char *question = NULL;

	for (size_t i = 0; program->commands[i]; i++)
		near_try(&near, program->commands[i]->name);
	question = near_question(&near, "");
	return wrong_usage(program->name,
			   xasprintf("there is no command \"%s\"%s", name, question));
}

int command_main(const struct command_program *program, int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	running = program;
	if (!name)
		return command_help_program(stderr, program), program->usage;
	for (size_t i = 0; program->commands[i]; i++)
		if (!strcmp(name, program->commands[i]->name))
			return run_command(program->commands[i],
					   xasprintf("%s %s", program->name, name), argc - 1,
					   argv + 1);
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		return command_help_program(stdout, program), printed();
	if (!strcmp(name, "--version"))
		return printf("%s %s\n", program->name, ROOTOVL_VERSION), printed();
	if (!strcmp(name, "--completion") && argc == 3 &&
	    completion_print(stdout, program, argv[2]) == 0)
		return printed();
	if (*name == '-')
		return wrong_usage(program->name,
				   xasprintf("unknown option %.*s", (int)strcspn(name, "="), name));
	return unknown_command(program, name);
}

int command_single(const struct command_program *program, int argc, char **argv)
{
	running = program;
	return run_command(program->commands[0], xstrdup(program->name), argc, argv);
}

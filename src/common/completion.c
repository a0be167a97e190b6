// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/completion.h"

#include "src/common/command_option.h"

#include <errno.h>
#include <string.h>

#define OWN_OPTIONS "--help --version"

/* Prints a text inside single quotes, with a backslash before each of `special`. */
static void put_text(FILE *out, const char *text, const char *quote, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs(quote, out);
		else if (*text == '\n')
			fputc(' ', out);
		else
			fprintf(out, "%s%c", strchr(special, *text) ? "\\" : "", *text);
	}
}

/* Prints the line of bash that fills COMPREPLY with values. */
static void bash_value(FILE *out, const char *program, enum command_kind kind, const char *words)
{
	if (words)
		fprintf(out, "reply -W '%s'", words);
	else if (kind == COMMAND_FILE)
		fputs("reply -f", out);
	else if (kind == COMMAND_DIR)
		fputs("reply -d", out);
	else if (kind == COMMAND_NAME)
		fprintf(out, "reply -W \"$(%s list 2>/dev/null | cut -d ' ' -f 1)\"", program);
	else
		fputc(':', out);
}

static void bash_option(FILE *out, const struct command_option *row)
{
	if (row->letter)
		fprintf(out, "-%c|", row->letter);
	fprintf(out, "--%s", row->name);
}

static void bash_operands(FILE *out, const char *program, const struct command_operand *row)
{
	fputs("        case $((operands)) in\n", out);
	for (unsigned i = 0; row && row->name; row++, i++) {
		fprintf(out, row->repeated ? "        *) " : "        %u) ", i);
		bash_value(out, program, row->kind, row->words);
		fputs(" ;;\n", out);
	}
	fputs("        esac\n        ;;\n", out);
}

static void bash_command(FILE *out, const char *program, const struct command *command)
{
	const struct command_option *row;

	fprintf(out, "    %s)\n        case $previous in\n", command->name);
	for (size_t i = 0; (row = command_option(command, i)); i++) {
		if (!row->argument)
			continue;
		fputs("        ", out);
		bash_option(out, row);
		fputs(") ", out);
		bash_value(out, program, row->kind, row->words);
		fputs("; return ;;\n", out);
	}
	fputs("        esac\n        takes='", out);
	for (size_t i = 0; (row = command_option(command, i)); i++)
		if (row->argument && row->letter)
			fprintf(out, " --%s -%c ", row->name, row->letter);
		else if (row->argument)
			fprintf(out, " --%s ", row->name);
	fputs("'\n        if [[ $current == -* ]]; then\n            reply -W '", out);
	for (size_t i = 0; (row = command_option(command, i)); i++)
		fprintf(out, "%s--%s", i ? " " : "", row->name);
	fputs("'\n            return\n        fi\n        count\n", out);
	bash_operands(out, program, command->operands);
}

static void bash(FILE *out, const struct command_program *program)
{
	fprintf(out,
		"# bash completion of %s, made from its tables of commands.\n"
		"_%s() {\n"
		"    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - "
		"1]} takes='' operands=0\n"
		"    reply() { mapfile -t COMPREPLY < <(compgen \"$@\" -- \"$current\"); }\n"
		"    count() {\n"
		"        local i\n"
		"        for ((i = 2; i < COMP_CWORD; i++)); do\n"
		"            if [[ $takes == *\" ${COMP_WORDS[i]} \"* ]]; then\n"
		"                ((i++))\n"
		"            elif [[ ${COMP_WORDS[i]} != -* ]]; then\n"
		"                ((operands++))\n"
		"            fi\n"
		"        done\n"
		"    }\n"
		"    COMPREPLY=()\n"
		"    if ((COMP_CWORD == 1)); then\n        reply -W '",
		program->name, program->name);
	for (size_t i = 0; program->commands[i]; i++)
		fprintf(out, "%s ", program->commands[i]->name);
	fputs(OWN_OPTIONS "'\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n", out);
	for (size_t i = 0; program->commands[i]; i++)
		bash_command(out, program->name, program->commands[i]);
	fprintf(out, "    esac\n}\ncomplete -o filenames -F _%s %s\n", program->name,
		program->name);
}

/* Prints zsh's action for a value, behind its message. */
static void zsh_value(FILE *out, const char *program, enum command_kind kind, const char *words)
{
	if (words)
		fprintf(out, "(%s)", words);
	else if (kind == COMMAND_FILE)
		fputs("_files", out);
	else if (kind == COMMAND_DIR)
		fputs("_files -/", out);
	else if (kind == COMMAND_NAME)
		fprintf(out, "($(%s list 2>/dev/null | cut -d \" \" -f 1))", program);
	else
		fputc(' ', out);
}

static void zsh_option(FILE *out, const char *program, const struct command_option *row,
		       const char *dashes, size_t length)
{
	fprintf(out, " \\\n        '*%s%.*s[", dashes, (int)length,
		length == 1 ? &row->letter : row->name);
	put_text(out, row->help, "'\\''", "[]:\\");
	fputc(']', out);
	if (row->argument) {
		fprintf(out, ":%s:", row->argument);
		zsh_value(out, program, row->kind, row->words);
	}
	fputc('\'', out);
}

static void zsh_command(FILE *out, const char *program, const struct command *command)
{
	const struct command_operand *operand = command->operands;
	const struct command_option *row;

	fprintf(out, "    %s) _arguments", command->name);
	for (size_t i = 0; (row = command_option(command, i)); i++) {
		if (row->letter)
			zsh_option(out, program, row, "-", 1);
		zsh_option(out, program, row, "--", strlen(row->name));
	}
	for (; operand && operand->name; operand++) {
		fprintf(out, " \\\n        '%s:%s:", operand->repeated ? "*" : "", operand->name);
		zsh_value(out, program, operand->kind, operand->words);
		fputc('\'', out);
	}
	fputs(" ;;\n", out);
}

static void zsh(FILE *out, const struct command_program *program)
{
	fprintf(out,
		"#compdef %s\n# Made from the program's tables of commands.\n"
		"local curcontext=$curcontext state line\nlocal -a commands\ncommands=(\n",
		program->name);
	for (size_t i = 0; program->commands[i]; i++) {
		fprintf(out, "    '%s:", program->commands[i]->name);
		put_text(out, program->commands[i]->meaning, "'\\''", ":\\");
		fputs("'\n", out);
	}
	fputs(")\n_arguments -C '(- *)--help[this text]' '(- *)--version[the version]' "
	      "'1:command:->command' '*::argument:->argument'\n"
	      "if [[ $state == command ]]; then\n    _describe command commands\n    return\nfi\n"
	      "case $words[1] in\n",
	      out);
	for (size_t i = 0; program->commands[i]; i++)
		zsh_command(out, program->name, program->commands[i]);
	fputs("esac\n", out);
}

static void fish_value(FILE *out, const char *program, enum command_kind kind, const char *words)
{
	if (words)
		fprintf(out, " -x -a '%s'", words);
	else if (kind == COMMAND_FILE)
		fputs(" -r -F", out);
	else if (kind == COMMAND_DIR)
		fputs(" -x -a '(__fish_complete_directories)'", out);
	else if (kind == COMMAND_NAME)
		fprintf(out, " -x -a '(%s list 2>/dev/null | cut -d \" \" -f 1)'", program);
	else
		fputs(" -x", out);
}

static void fish_command(FILE *out, const char *program, const struct command *command)
{
	const struct command_operand *operand = command->operands;
	const struct command_option *row;

	fprintf(out, "complete -c %s -n __fish_use_subcommand -f -a %s -d '", program,
		command->name);
	put_text(out, command->meaning, "\\'", "\\");
	fputs("'\n", out);
	for (size_t i = 0; (row = command_option(command, i)); i++) {
		fprintf(out, "complete -c %s -n '__fish_seen_subcommand_from %s' -l %s", program,
			command->name, row->name);
		if (row->letter)
			fprintf(out, " -s %c", row->letter);
		if (row->argument)
			fish_value(out, program, row->kind, row->words);
		fputs(" -d '", out);
		put_text(out, row->help, "\\'", "\\");
		fputs("'\n", out);
	}
	for (; operand && operand->name; operand++) {
		fprintf(out, "complete -c %s -n '__fish_seen_subcommand_from %s'", program,
			command->name);
		fish_value(out, program, operand->kind, operand->words);
		fputc('\n', out);
	}
}

static void fish(FILE *out, const struct command_program *program)
{
	fprintf(out,
		"# fish completion of %s, made from its tables of commands.\ncomplete -c %s -f\n"
		"complete -c %s -n __fish_use_subcommand -l help -d 'this text'\n"
		"complete -c %s -n __fish_use_subcommand -l version -d 'the version'\n",
		program->name, program->name, program->name, program->name);
	for (size_t i = 0; program->commands[i]; i++)
		fish_command(out, program->name, program->commands[i]);
}

int completion_print(FILE *out, const struct command_program *program, const char *shell)
{
	if (!strcmp(shell, "bash"))
		bash(out, program);
	else if (!strcmp(shell, "zsh"))
		zsh(out, program);
	else if (!strcmp(shell, "fish"))
		fish(out, program);
	else
		return -EINVAL;
	return 0;
}

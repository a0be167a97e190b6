// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/command_help.h"

#include "src/common/command_option.h"
#include "src/common/mem.h"

#include <string.h>

#define WIDTH	 80
#define LEFT_MAX 28 /* columns of an option whose text begins on the same line */

static size_t columns(const char *text, size_t length)
{
	size_t n = 0;

	for (size_t i = 0; i < length; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80; /* not inside a UTF-8 character */
	return n;
}

/* Prints a paragraph; its first word stands in column `indent` already, as do further lines. */
static void print_wrapped(FILE *out, const char *text, size_t indent)
{
	size_t column = indent;

	for (;;) {
		size_t length = strcspn(text, " \n"), width = columns(text, length);

		if (column > indent && column + 1 + width > WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		}
		column += (size_t)fprintf(out, "%s", column > indent ? " " : "") + width;
		fwrite(text, 1, length, out);
		if (text[length] == '\n') {
			fprintf(out, "\n%*s", text[length + 1] == '\n' ? 0 : (int)indent, "");
			column = indent;
		} else if (!text[length]) {
			break;
		}
		text += length + 1;
	}
	fputc('\n', out);
}

static char *option_left(const struct command_option *row)
{
	char letter[] = { '-', row->letter, ',', '\0' };

	return xasprintf("  %-3s --%s%s%s", row->letter ? letter : "", row->name,
			 row->argument ? " " : "", row->argument ? row->argument : "");
}

static void print_options(FILE *out, const struct command *command)
{
	const struct command_option *row;
	size_t indent = 0;

	for (size_t i = 0; (row = command_option(command, i)); i++) {
		auto_free char *left = option_left(row);
		size_t width = columns(left, strlen(left)) + 2;

		if (width > indent && width <= LEFT_MAX + 2)
			indent = width;
	}
	for (size_t i = 0; (row = command_option(command, i)); i++) {
		auto_free char *left = option_left(row);
		size_t width = columns(left, strlen(left));
		bool fits = width + 2 <= indent;

		fprintf(out, "%s%s%*s", left, fits ? "" : "\n",
			(int)(fits ? indent - width : indent), "");
		print_wrapped(out, row->help, indent);
	}
}

void command_help_print(FILE *out, const char *title, const struct command *command)
{
	auto_strv char **forms = strv_split(command->synopsis, "\n");

	fprintf(out, "usage: %s%s%s\n", title, forms ? " " : "", forms ? forms[0] : "");
	for (size_t i = 1; i < strv_len(forms); i++)
		fprintf(out, "       %s %s\n", title, forms[i]);
	fputc('\n', out);
	print_wrapped(out, command->about, 0);
	fputc('\n', out);
	print_options(out, command);
	if (command->notes) {
		fputc('\n', out);
		print_wrapped(out, command->notes, 0);
	}
	fputc('\n', out);
	print_wrapped(out, command->exits, 0);
}

void command_help_program(FILE *out, const struct command_program *program)
{
	int width = 0;

	for (size_t i = 0; program->commands[i]; i++)
		if ((int)strlen(program->commands[i]->name) > width)
			width = (int)strlen(program->commands[i]->name);
	fprintf(out, "usage: %s COMMAND …\n\n", program->name);
	print_wrapped(out, program->about, 0);
	fputc('\n', out);
	for (size_t i = 0; program->commands[i]; i++)
		fprintf(out, "  %-*s  %s\n", width, program->commands[i]->name,
			program->commands[i]->meaning);
	fprintf(out, "\n`%s COMMAND --help` says more; %s.\n", program->name, program->see);
}

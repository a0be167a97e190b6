/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands of a program as data. The help, the reading of the command line and the messages
 * about wrong usage come from these rows. Texts are wrapped at 80 columns
 * when they are printed; a newline in a text is kept.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>
#include <stddef.h>

/* What the value of an option or an operand is. */
enum command_kind {
	COMMAND_TEXT, /* anything else */
	COMMAND_FILE, /* a path of a file; an empty one is wrong usage */
	COMMAND_DIR,  /* a path of a folder; an empty one is wrong usage */
	COMMAND_NAME, /* one of the names that `PROGRAM list` prints first on each line */
};

struct command_option {
	const char *name;	/* "output" */
	char letter;		/* 'o'; 0: none */
	const char *argument;	/* "FILE"; NULL: the option takes none */
	const char *help;	/* its text in --help */
	enum command_kind kind; /* of the argument */
	const char *words;	/* the only values, separated by spaces; NULL: any */
	unsigned min, max;	/* the range of a number; max 0: any text */
	bool required;
};

struct command_operand {
	const char *name; /* "ROOTFS" */
	enum command_kind kind;
	const char *words; /* the only values, separated by spaces; NULL: any */
	bool optional;	   /* so are those behind it */
	bool repeated;	   /* one or more; it is the last */
};

struct command_line;

/* Each of the lists ends with an empty row; NULL is an empty list. */
struct command {
	const char *name;
	const char *meaning;  /* one line for the list of commands */
	const char *synopsis; /* what follows the name in "usage:", a line for each form */
	const char *about;    /* what it does: the text above the options */
	const struct command_option *options;
	const struct command_option *shared; /* further options, of several commands */
	const struct command_operand *operands;
	const char *notes; /* the text below the options; may be NULL */
	const char *exits; /* "Exit status: …" */
	/* Runs it, with a command line that fits the rows; returns the exit status. */
	int (*run)(const struct command_line *line);
};

/* The exit status of failures with one errno value. */
struct command_status {
	int error, status;
};

struct command_program {
	const char *name;
	const char *about;
	const char *see;		       /* the end of the help: "so does testbox(8)" */
	const struct command *const *commands; /* ends with NULL */
	int usage, failed;		       /* exit statuses: wrong usage, a failure */
	const struct command_status *statuses; /* other failures; ends with an empty row, or NULL */
	void (*begin)(void);		       /* called before a command runs; may be NULL */
	void (*clear)(void); /* removes a line of progress before a message; may be NULL */
};

/* A command line that was read: which option was given with which value. */
struct command_line {
	const struct command *command;
	char *title; /* "testbox run" */
	struct command_given {
		const struct command_option *option;
		char *value; /* "" where the option takes none */
	} * given;
	size_t n_given;
	char **operands; /* ends with NULL */
	size_t n_operands;
};

/*
 * The whole of a program: finds the command, reads its options and runs it, or answers --help,
 * --version and --completion SHELL, or reports wrong usage on standard error. Returns the exit
 * status: the command's, or 128 and the number of the signal that `interrupted` holds at its end
 * (interrupt.h).
 */
int command_main(const struct command_program *program, int argc, char **argv);

/* The same for a program that is one command of the program's name. */
int command_single(const struct command_program *program, int argc, char **argv);

/*
 * Returns the value of an option that the command has: the last one given, "" for an option without
 * an argument, NULL if it was not given. It belongs to the command line, and can be wiped there.
 */
char *command_value(const struct command_line *line, const char *option);

/* Returns the next value of an option that may be repeated, NULL at the end. *i is 0 at first. */
char *command_next(const struct command_line *line, const char *option, size_t *i);

/* Returns the number that an option was given, or `otherwise`. */
unsigned command_number(const struct command_line *line, const char *option, unsigned otherwise);

/* Reports wrong usage: "PROGRAM COMMAND: text; see …". Returns the exit status for it. */
int command_usage(const struct command_line *line, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Reports a failure: "PROGRAM: what (hint)". Returns the exit status for it. */
int command_failed(const struct failure *f);

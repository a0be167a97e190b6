/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The serial console of a machine: every line goes to the log with its time, all of it to those
 * who watch, and what says that the kernel has crashed is remembered.
 */
#pragma once

#include "src/testbox/machine/box.h"
#include "src/testbox/machine/lines.h"
#include "src/testbox/machine/trouble.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#define CONSOLE_VIEWERS 8
#define CONSOLE_FDS	(2 + CONSOLE_VIEWERS)

struct console {
	int fd;	      /* QEMU's other end; -1: it is closed */
	int listener; /* for viewers */
	int viewers[CONSOLE_VIEWERS];
	bool terminal; /* standard output watches too */
	FILE *log;
	uint64_t logged; /* bytes */
	char **secrets;	 /* what the log must not have (root_mask_secrets()) */
	struct lines lines;
	struct boot_stage stage;
	enum trouble trouble;
	char *reason;	   /* of the trouble; NULL: there is none */
	uint64_t heard_ms; /* when the machine said something last; clock_ms() */
};

/*
 * Takes over `fd`. The log of the last run becomes console.log.old. On failure too,
 * console_close() is called.
 * The passwords of `args`, the machine's kernel line, are kept out of the log.
 */
int console_open(struct console *console, const struct box *box, int fd, bool terminal,
		 const char *args, struct failure *f);
void console_close(struct console *console);

/* Fills in CONSOLE_FDS entries for poll(2), and does what it has found. */
void console_poll(const struct console *console, struct pollfd *fds);
void console_handle(struct console *console, const struct pollfd *fds);

/*
 * What is wrong with the machine, from elsewhere. The first trouble stays, but one whose cause the
 * machine tells later gives way to it, and all give way to a crash.
 */
void console_trouble(struct console *console, enum trouble trouble, const char *reason);
/* The machine boots anew: what was wrong with the boot before it is forgotten. */
void console_new_boot(struct console *console);

/* A line of our own in the log, "testbox: " in front. */
void console_note(struct console *console, const char *text);

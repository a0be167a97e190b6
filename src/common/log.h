/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the programs say things. Standard error is the log: under systemd its lines carry the
 * journal's priorities (sd-daemon(3)), on a terminal they are plain. The console gets only what
 * everyone who watches a boot should see.
 */
#pragma once

#include "src/common/failure.h"

#include <stdint.h>
#include <syslog.h>

/* A line to the log; `priority` is one of syslog(3)'s. Here and below, what strangers wrote is
 * shown as one_line() does. */
void log_line(int priority, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A text of several lines to the log, each a message of its own. */
void log_text(int priority, const char *text);

/* One line to /dev/console, "rootovl: " put in front, and to the log; nothing if there is none. */
void log_console(int priority, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * From now on the log is the kernel's, /dev/kmsg: for the first process of a machine, which no
 * journal listens to. The booted system's journal reads it later: journalctl -t rootovl.
 */
void log_to_kernel(void);

/*
 * From now on log_console() notes there when it wrote a line, on the clock of clock_ms(). NULL: no
 * more. Memory that processes share tells one of them what another said.
 */
void log_note_console(uint64_t *when);

/* "what (hint)", the one line of a failure; owned by the caller. */
char *log_failure_text(const struct failure *f);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the log and console messages of all programs. The log is standard error. Under systemd its
 * lines have the journal's priorities (sd-daemon(3)); on a terminal they are plain. The console
 * gets only the messages that matter to a person who watches the boot.
 */
#pragma once

#include "src/common/failure.h"

#include <stdint.h>
#include <syslog.h>

/*
 * Logs one line; `priority` is a level of syslog(3). All functions here escape control characters
 * as one_line() does.
 */
void log_line(int priority, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Logs a text of several lines, each as a separate message. */
void log_text(int priority, const char *text);

/* Writes one line to the log, and with the prefix "rootovl: " to /dev/console if that exists. */
void log_console(int priority, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * Sends further log lines to /dev/kmsg, the kernel's log. PID 1 needs this, because no journal runs
 * yet. The journal of the booted system reads the lines later (journalctl -t rootovl).
 */
void log_to_kernel(void);

/*
 * Sets where log_console() stores the time of its last line, by clock_ms(); NULL stops this. In
 * shared memory, another process can see when a line was written.
 */
void log_note_console(uint64_t *when);

/* Returns the line of a failure, "what (hint)". The caller frees it. */
char *log_failure_text(const struct failure *f);

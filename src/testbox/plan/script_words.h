/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines and words of an iPXE script, and what its comments wish for. */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/plan/boot_script.h"

#include <stdbool.h>

/*
 * What comments may wish for: letters of /dev/vdb to /dev/vdy, as schedulers' hosts have them;
 * cards that QEMU's bus holds; what qcow2 and ext4 both hold.
 */
#define SCRIPT_DISKS_MAX      24
#define SCRIPT_NICS_MAX	      8
#define SCRIPT_DISK_BYTES_MAX (16ull << 40)

/* Seconds of all its sleeps. */
#define SCRIPT_PAUSE_MAX 3600

/* What schedulers say when they have nothing to do for a machine. */
#define NO_JOB_TEXT "No job now"

/* Walks the lines; a backslash at a line's end glues the next one to it. */
struct script_lines {
	const char *rest;
	char *line;	 /* the current one, without its end */
	unsigned number; /* of its first line, from 1 */
	unsigned next;
};

/* Moves to the next line; false: there is none. script_lines_done() releases the current one. */
bool script_next_line(struct script_lines *lines);
void script_lines_done(struct script_lines *lines);

/* Is it a script at all? A failure shows what it begins with. */
int script_check_magic(const char *text, struct failure *f);

/* The words of a line: blanks separate them, and nothing quotes; one that begins with '#' ends it.
 */
char **script_words(const char *line);

/* Does a line say so without echo, as older schedulers do? */
bool script_says_no_job(char *const *words);

/* Takes up "# nr_disk=N", "# disk_size=N[K|M|G|T]" (G without a unit) and "# nr_nic=N". */
int script_wish(const char *line, struct machine_wishes *wishes, struct failure *f);

/* A number of digits alone. */
bool script_number(const char *text, unsigned *ret);

/* Can it be the name of a job, in paths and logs too? */
bool script_is_job_id(const char *text);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a machine's console says of its boot. Pure. The machine is not trusted: a line of it counts
 * for this machine alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum trouble {
	TROUBLE_NONE,
	TROUBLE_CRASH,	  /* of the kernel */
	TROUBLE_BOOT,	  /* the boot failed, and a shell waits for a user */
	TROUBLE_REBOOT,	  /* the boot failed, and the machine will reboot */
	TROUBLE_POWEROFF, /* the boot failed, and the machine will switch itself off */
	TROUBLE_REFUSED,  /* the personality was refused; the boot's own line is still to come */
	TROUBLE_IDLE,	  /* the root waits at "login:", and nothing in it starts a job */
};

/* How far the boot has come, by the lines until now. */
struct boot_stage {
	bool timed;  /* the kernel prints its times */
	bool ready;  /* the root was assembled … */
	bool no_job; /* … and no unit was enabled in it */
};

/*
 * Takes one line. Updates *stage, and returns what is wrong, or TROUBLE_NONE. Words count only
 * where the kernel, rootovl or systemd would have written them: at the line's beginning. The line
 * of a failed boot counts only until the root is ready, for jobs print such lines too. *ret_reason
 * is set with trouble: printable text of at most 1000 bytes, which the caller owns.
 */
enum trouble trouble_of_line(struct boot_stage *stage, const char *line, char **ret_reason);

/* Is this line, which has not ended yet, the prompt of a login? */
bool trouble_is_login(const char *text, size_t len);

/* Returns a text of the machine's as it may be shown: without escape sequences and control
 * characters, at most 1000 bytes. The caller owns it. */
char *trouble_printable(const char *text);

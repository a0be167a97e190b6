/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What keeps a job from being started, in words that the boot and `initrd-builder verify` share.
 * Pure; texts are owned by the caller.
 */
#pragma once

#include <stddef.h>

/* What starts LKP's jobs, where rootovl.enable= names nothing else. */
#define JOB_UNIT "lkp-bootstrap.service"

/* The programs of ExecStart= in a unit's text that have to be there: absolute paths, a list. */
char **job_start_programs(const char *text);

/*
 * The names of the directories beside a unit whose files can change its ExecStart=, a list: where
 * there is one, what the unit's own file says of it is not all (systemd.unit(5)). Those of all
 * services are left out: a program of theirs would be every service's.
 */
char **job_start_dropins(const char *unit);

/* Says that there is no such unit, that nothing reads it, and that a unit's program is nowhere. */
char *job_start_no_unit(const char *unit);
char *job_start_no_systemd(const char *unit);
char *job_start_no_program(const char *unit, const char *program);

/*
 * Why a job.sh that begins with these bytes and has this mode cannot be run; NULL: it can be. The
 * text is static.
 */
const char *job_start_bad_script(const char *begin, size_t len, unsigned mode);

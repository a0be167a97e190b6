/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `testbox job` boots: kernel, image, modules and further initrds. */
#pragma once

#include "src/common/command.h"
#include "src/testbox/plan/boot_script.h"

/*
 * Puts kernel and initrds of the options into the script, whose `args` are there. They are the
 * root's own, of its last kernel or of --kver. With --kernel the image is of the root's kernel of
 * that version, else the last one's, and the modules are of --modules or built in; what is missing
 * is told. `run` is a folder that goes with the run. `root_fd` is --rootfs, opened; -1: it is
 * opened here.
 */
int job_boot_add(const struct command_line *line, int root_fd, const char *run,
		 struct boot_script *script, struct failure *f);

/*
 * Returns true if only a service of ours can start the job: there is a --script, no --lkp-src, no
 * further initrd and no --root, and the root has no lkp-bootstrap.service. `root_fd` is --rootfs,
 * opened.
 */
bool job_boot_needs_service(const struct command_line *line, int root_fd);

/* Closes the files that job_boot_add() has opened. */
void job_boot_close(const struct boot_script *script);

/* Adds a file of this host as the next initrd. */
int job_boot_add_file(struct boot_script *script, const char *path, struct failure *f);

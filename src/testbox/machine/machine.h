/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine's run from its host and files to its end. */
#pragma once

#include "src/testbox/download/boot_files.h"
#include "src/testbox/machine/box.h"
#include "src/testbox/machine/personality.h"
#include "src/testbox/machine/run_result.h"
#include "src/testbox/plan/boot_script.h"

#include <signal.h>
#include <stdbool.h>

enum use_kvm {
	KVM_PROBE,
	KVM_YES,
	KVM_NO,
};

struct run_options {
	struct box *box;    /* open */
	struct host *host;  /* of host_find(); the run takes it, and leaves it empty */
	const char *result; /* the folder for results, for people; NULL: none */
	const char *rootfs; /* a root to share read-only, as virtiofs:rootfs; NULL: none */
	int result_fd;	    /* folder_open() */
	int rootfs_fd;
	unsigned timeout;     /* seconds that the machine may run */
	unsigned memory_wait; /* seconds to wait for memory */
	unsigned acknowledge; /* seconds until the personality must be acknowledged */
	enum use_kvm kvm;
	bool verbose;	  /* the console goes to standard output too */
	bool keep_failed; /* a machine whose boot failed runs on, for a look at it */
	bool dry_run;	  /* print the plan, and be done */
	struct personality personality;
};

#define TIMEOUT_S     (24 * 3600)
#define MEMORY_WAIT_S 3600
#define ACKNOWLEDGE_S 300

/*
 * Runs one machine to its end, and leaves nothing of it behind. A machine that ran is a success
 * (0), with any exit status of its job; a failure is one of the launcher: no memory, no QEMU, a
 * lock that is held. As soon as *stop is not 0, it ends the machine and gives -EINTR.
 */
int machine_run(const struct boot_script *script, const struct boot_files *files,
		const struct run_options *options, const volatile sig_atomic_t *stop,
		struct run_result *ret, struct failure *f);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one half of the launcher gives the other: a script that was read (script.h makes it), its
 * files on this host (boot_files.h fetches them), and what came of the machine that ran them.
 */
#ifndef TESTBOX_BOOT_SCRIPT_H
#define TESTBOX_BOOT_SCRIPT_H

#include "src/common/failure.h"

#include <signal.h>
#include <stdint.h>

/* What a script sets for the machine, in comments such as "# nr_disk=2". */
struct machine_wishes {
	unsigned nr_disk; /* disks beside the first one, which is there for rootfs_disk=; 0: unsaid
			   */
	unsigned nr_nic;  /* all network cards; 0: unsaid */
	uint64_t disk_size; /* bytes of each of the nr_disk disks; 0: unsaid */
};

enum boot_script_end {
	BOOT_SCRIPT_BOOT,   /* there is a kernel to boot */
	BOOT_SCRIPT_NO_JOB, /* the scheduler has nothing to do for this machine: ask again */
	BOOT_SCRIPT_CHAIN,  /* another script takes over: `chain` */
	BOOT_SCRIPT_EXIT,   /* it gives the machine back */
};

struct boot_script {
	enum boot_script_end end;
	char *kernel;	/* absolute URL; BOOT only, as what follows */
	char *args;	/* the kernel's command line, without the words initrd=; may be "" */
	char **initrds; /* absolute URLs in their order; NULL: none */
	char *job_id;	/* the folder of the initrd job.cgz, as schedulers name it; NULL: no such */
	char *chain; /* absolute URL: CHAIN, and NO_JOB where it says where to ask next; or NULL */
	unsigned pause; /* seconds that the script sleeps */
	char **echo;	/* what it says, line by line: for the log */
	struct machine_wishes wishes;
};

void boot_script_done(struct boot_script *script);

/* The files of a script on this host; they stay until boot_files_done() (boot_files.h). */
struct boot_files {
	char *kernel;
	char *initrd; /* all initrds in one, in their order; NULL: there are none */
};

enum run_end {
	RUN_ENDED,    /* the machine switched itself off, or wanted to boot anew */
	RUN_CRASHED,  /* its kernel: `reason` */
	RUN_DEADLINE, /* it was still running */
};

/* What came of a machine. */
struct run_result {
	enum run_end end;
	int status; /* the job's exit status, which becomes testbox run's; -1: the job told none */
	char *reason; /* why it ended where that was not the job's own end: "kernel panic"; or NULL
		       */
};

void run_result_done(struct run_result *result);

/*
 * Runs one machine to its end, and leaves nothing of it behind. A machine that ran is a success
 * (0) whatever its job gave; a failure is one of the launcher: no memory, no QEMU, a lock that is
 * held. As soon as *stop is not 0, it ends the machine and gives -EINTR.
 */
struct run_options;
int machine_run(const struct boot_script *script, const struct boot_files *files,
		const struct run_options *options, const volatile sig_atomic_t *stop,
		struct run_result *ret, struct failure *f);

#endif

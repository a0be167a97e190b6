/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands that run machines are told on their command lines. */
#ifndef TESTBOX_ASKED_H
#define TESTBOX_ASKED_H

#include "src/testbox/download/boot_files.h"
#include "src/testbox/machine/box.h"
#include "src/testbox/machine/machine.h"
#include "src/testbox/plan/boot_script.h"

/* Of `testbox job` alone; each may be NULL. */
struct job_asked {
	const char *rootfs;  /* the folder of a root: kernel, image, and the root itself … */
	const char *root;    /* … unless it is mounted from here: a value of root= */
	const char *image;   /* in place of the root's own */
	const char *lkp_src; /* LKP's sources */
	const char *script;  /* job.sh */
	const char *append;  /* further words of the kernel line */
	bool said;	     /* any of them */
};

struct asked {
	struct run_options options;
	struct box box;
	const char *name;
	const char *cache, *ca_file, *queues, *token, *log_server;
	struct job_asked job;
	char *result; /* absolute */
	bool help;
};

/* One of those commands. */
struct asked_command {
	const char *name;
	const char *help;
	const char *box;   /* the testbox where none is named; NULL: none */
	const char *which; /* what is told where the words do not fit */
	/* Does it take these options, and so many words behind them? */
	bool (*fits)(const struct asked *asked, int words);
	/* Does it; `words` are those behind the options. Gives 0 with an exit status, or a failure.
	 */
	int (*run)(struct asked *asked, char **words, int *ret_code, struct failure *f);
};

#define ASKED_BOX "vm-2p8g-1" /* the testbox where none is named */

/* A whole command: reads its options, helps, complains or does it. Gives the exit status. */
int asked_command(const struct asked_command *command, int argc, char **argv);
/* Results go to this folder, which is there. */
int asked_result(struct asked *asked, const char *path, struct failure *f);
/* What downloads are like; `ret_cache` is the caller's, and stays as long as the options do. */
struct download_options asked_downloads(const struct asked *asked, char **ret_cache);
/* Fetches a script's files and runs its machine in the open box. */
int asked_run(const struct asked *asked, const struct boot_script *script, int *ret_code,
	      struct failure *f);

#define OPTIONS_HELP                                                                               \
	"      --hosts DIR       where host files are (/etc/testbox/hosts)\n"                      \
	"      --kvm yes|no      use KVM; without this, where it works\n"                          \
	"      --result DIR      share this folder as /lkp/result\n"                               \
	"      --personality hostname=NAME,ip=ADDRESS/PREFIX,password-file=FILE\n"                 \
	"                        make the root one of a kind; each part may be left out\n"         \
	"      --timeout SECONDS end the machine after this time (86400)\n"                        \
	"      --memory-wait SECONDS\n"                                                            \
	"                        how long to wait for free memory (3600)\n"                        \
	"      --ack-wait SECONDS\n"                                                               \
	"                        how long to wait until the personality is acknowledged (300)\n"   \
	"      --cache DIR       where downloads are kept\n"                                       \
	"      --ca-file FILE    certificates for https, in place of the system's\n"               \
	"  -v, --verbose         the console to standard output, the steps to standard error\n"    \
	"      --help            this text\n"

#endif

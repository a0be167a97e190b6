/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of the commands that run machines, and what these commands have in common. */
#pragma once

#include "src/common/command.h"
#include "src/testbox/download/boot_files.h"
#include "src/testbox/machine/box.h"
#include "src/testbox/machine/machine.h"
#include "src/testbox/plan/boot_script.h"

/* One of those commands at work. */
struct run_request {
	const struct command_line *line;
	struct run_options options;
	const char *hosts; /* the folder of host files */
	struct host host;
	struct box box;
	const char *name; /* of the testbox */
	const char *what; /* is run: a job's file, a script */
	char *result;	  /* absolute */
};

#define RUN_OPTIONS_BOX "vm-2p8g-1" /* the testbox where none is named */

/* The options of run, serve and job. */
extern const struct command_option run_options_shared[];

/*
 * Reads those options, calls `run` and reports its failure. `run` sets the exit status, or returns
 * a failure. Returns the exit status.
 */
int run_options_command(const struct command_line *line,
			int (*run)(struct run_request *request, int *ret_code, struct failure *f));
/* Reads the host's file, once for a run. */
int run_options_host(struct run_request *request, struct failure *f);
/* Results go to this folder, which exists; it is opened (folder_open()). */
int run_options_result(struct run_request *request, const char *path, struct failure *f);
/* How downloads are made; *ret_cache is the caller's, and stays as long as the options do. */
struct download_options run_options_downloads(const struct run_request *request, char **ret_cache);
/*
 * Fetches the files of a script and runs its machine in the open box. Without a script (NULL) the
 * machine boots by its network card.
 */
int run_options_run(struct run_request *request, const struct boot_script *script, int *ret_code,
		    struct failure *f);

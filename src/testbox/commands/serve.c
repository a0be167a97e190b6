// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/commands/serve.h"

#include "src/common/log.h"
#include "src/common/pause.h"
#include "src/common/url.h"
#include "src/testbox/machine/machine_stop.h"
#include "src/testbox/scheduler/heartbeat.h"
#include "src/testbox/scheduler/scheduler_tell.h"

#include <errno.h>
#include <unistd.h>

#define PAUSE_MOST 60.0

/* The first signal asks for no further job, the second ends the one that runs. */
static volatile sig_atomic_t leave, leave_now;

static void on_signal(int number)
{
	(void)number;
	if (leave)
		leave_now = 1;
	leave = 1;
}

static const int signals[] = { SIGTERM, SIGINT };

static void catch_signals(struct sigaction *before)
{
	struct sigaction action = { .sa_handler = on_signal };

	leave = leave_now = 0;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &action, &before[i]);
}

static void restore_signals(const struct sigaction *before)
{
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &before[i], NULL);
}

static bool is_safe_stop(void *arg)
{
	const struct serve_options *options = arg;

	if (!options->safe_stop || access(options->safe_stop, F_OK) < 0)
		return false;
	log_line(LOG_NOTICE, "%s is there: no further job", options->safe_stop);
	return true;
}

static void tell_log(int priority, const char *what, const struct failure *f)
{
	auto_free char *text = log_failure_text(f);

	log_line(priority, "%s: %s", what, text);
}

static void report(const struct serve_options *options, const char *job_id, const char *state,
		   int status, const char *reason)
{
	auto_failure struct failure f = { 0 };

	if (scheduler_report(&options->scheduler, job_id, state, status, reason, &f) < 0)
		tell_log(LOG_WARNING, "the scheduler was not told how the job ended", &f);
}

static int run_job(const struct serve_options *options, const struct boot_script *script,
		   struct run_result *result, struct failure *f)
{
	struct boot_files files = { 0 };
	int r = options->begin ? options->begin(options->arg, f) : 0;

	if (r == 0)
		r = boot_files_get(script, options->dir, &options->downloads, &leave_now, &files,
				   f);
	if (r == 0)
		r = options->run(options->arg, script, &files, &leave_now, result, f);
	boot_files_done(&files);
	return r;
}

static void send_log(const struct serve_options *options, const struct boot_script *script)
{
	auto_failure struct failure f = { 0 };

	if (options->log_server && scheduler_send_log(&options->scheduler, options->log_server,
						      script, options->log, &leave_now, &f) < 0)
		tell_log(LOG_WARNING, "the log was not sent", &f);
}

/* Whether the machine came to run its job, and nobody ended it. */
static bool has_run(enum run_end end)
{
	return end == RUN_ENDED || end == RUN_CRASHED || end == RUN_DEADLINE;
}

/* One job, from its script to its report. */
static int do_job(const struct serve_options *options, const struct boot_script *script)
{
	const char *name = script->job_id ? script->job_id : "without a number";
	auto_free char *kernel = url_shown(script->kernel);
	auto_failure struct failure f = { 0 };
	struct run_result result = { .status = -1 };
	double began = pause_clock();
	int r;

	for (size_t i = 0; script->echo && script->echo[i]; i++)
		log_line(LOG_INFO, "%s", script->echo[i]);
	log_line(LOG_NOTICE, "job %s: %s", name, kernel);
	r = run_job(options, script, &result, &f);
	if (r < 0) {
		auto_free char *text = log_failure_text(&f);

		log_line(LOG_ERR, "job %s: %s", name, text);
		report(options, script->job_id, "failed", -1, text);
	} else {
		log_line(LOG_NOTICE, "job %s: status %d in %.0f s%s%s", name, result.status,
			 pause_clock() - began, result.reason ? ": " : "",
			 result.reason ? result.reason : "");
		/* Only then is the log this machine's. */
		send_log(options, script);
		report(options, script->job_id, has_run(result.end) ? "finished" : "failed",
		       result.status, result.reason);
	}
	run_result_done(&result);
	return r;
}

/* Gives -EINTR, or 0 when there is nothing more to do. */
static int loop(const struct serve_options *options)
{
	unsigned failures = 0;

	while (!leave) {
		auto_failure struct failure f = { 0 };
		struct boot_script script = { 0 };
		int r = scheduler_next_job(&options->scheduler, is_safe_stop, (void *)options,
					   &leave, &script, &f);

		if (r == 0 && script.end == BOOT_SCRIPT_EXIT) {
			boot_script_done(&script);
			return 0;
		}
		if (r == 0)
			/* One that was given is run, whatever came meanwhile: nobody else gets it.
			 */
			r = do_job(options, &script);
		else if (r != -EINTR)
			tell_log(LOG_ERR, "no job", &f);
		boot_script_done(&script);
		if (machine_stop_asked & MACHINE_STOP_LEAVE)
			leave = 1;
		failures = r < 0 ? failures + 1 : 0;
		if (failures)
			pause_for(pause_after(failures, PAUSE_MOST), &leave);
	}
	return -EINTR;
}

static int begin(const struct serve_options *options, struct failure *f)
{
	for (unsigned failures = 1;; failures++) {
		auto_failure struct failure why = { 0 };
		double pause = pause_after(failures, PAUSE_MOST);
		int r = scheduler_register(&options->scheduler, &leave, &why);

		if (r == 0 || leave)
			return 0;
		if (r != -EIO)
			return fail(f, why.code, why.hint, "cannot register: %s", why.what);
		tell_log(LOG_NOTICE, "cannot register yet", &why);
		pause_for(pause, &leave);
	}
}

int serve(const struct serve_options *options, struct failure *f)
{
	struct sigaction before[ARRAY_SIZE(signals)];
	pid_t heartbeat;
	int r;

	catch_signals(before);
	r = begin(options, f);
	if (r == 0) {
		heartbeat = options->scheduler.arch
				    ? heartbeat_start(&options->scheduler, options->beat)
				    : -1;
		loop(options);
		heartbeat_stop(heartbeat);
		scheduler_leave(&options->scheduler);
	}
	restore_signals(before);
	return r;
}

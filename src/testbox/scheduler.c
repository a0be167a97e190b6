// SPDX-License-Identifier: GPL-2.0-or-later
#include "scheduler.h"

#include "common/files.h"
#include "common/log.h"
#include "common/mem.h"
#include "http.h"
#include "pause.h"
#include "script.h"
#include "url.h"
#include "websocket.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>

/* Compass-CI's holds the question of a machine for ten minutes, and one that hung up loses its job.
 */
#define HTTP_SECONDS 660
/* As Compass-CI's own testboxes do. */
#define WEBSOCKET_SECONDS 300
#define PAUSE		  5
#define PAUSE_MOST	  60.0
#define CHAINS_MAX	  8
#define TELL_SECONDS	  20

int script_fetch(const char *url, const char *ca_file, const volatile sig_atomic_t *stop,
		 char **ret, struct failure *f)
{
	struct http_request request = {
		.method = "GET",
		.url = url,
		.ca_file = ca_file,
		.seconds = HTTP_SECONDS,
		.stop = stop,
	};
	auto_free char *path = url_file(url), *text = NULL, *shown = url_shown(url);
	int status;

	if (path) {
		status = file_read(AT_FDCWD, path, SCRIPT_SIZE_MAX, ret);
		return status < 0 ? fail_errno(f, -status, NULL, "%s", path) : 0;
	}
	status = http_ask(&request, &text, f);
	if (status < 0)
		return status;
	if (status != 200)
		return fail(f, status >= 500 || status == 408 || status == 429 ? EIO : ENOENT, NULL,
			    "%s: HTTP status %d", shown, status);
	*ret = STEAL(text);
	return 0;
}

static bool is_websocket(const char *url)
{
	return !strncmp(url, "ws://", 5) || !strncmp(url, "wss://", 6);
}

static int fetch(const struct scheduler *scheduler, const char *url,
		 const volatile sig_atomic_t *stop, char **ret, struct failure *f)
{
	if (is_websocket(url))
		return websocket_ask(url, scheduler->ca_file, WEBSOCKET_SECONDS, stop, ret, f);
	return script_fetch(url, scheduler->ca_file, stop, ret, f);
}

/* One answer, and the scripts that it chains to. */
static int ask(const struct scheduler *scheduler, const char *first,
	       const volatile sig_atomic_t *stop, struct boot_script *ret, struct failure *f)
{
	struct variables variables = { 0 };
	auto_free char *url = NULL;
	int r;

	variables_of_machine(&variables, scheduler->name, scheduler->mac);
	r = variables_expand(&variables, first, false, &url, f);
	for (int n = 0; r == 0; n++) {
		auto_free char *text = NULL;

		r = fetch(scheduler, url, stop, &text, f);
		if (r == 0 && !text)
			*ret = (struct boot_script){ .end = BOOT_SCRIPT_NO_JOB };
		else if (r == 0)
			r = script_read(text, is_websocket(url) ? NULL : url, &variables, ret, f);
		if (r < 0 || ret->end != BOOT_SCRIPT_CHAIN)
			break;
		if (n == CHAINS_MAX)
			r = fail(f, ELOOP, NULL, "more than %d scripts chain to one another", n);
		free(url);
		url = STEAL(ret->chain);
		boot_script_done(ret);
	}
	variables_done(&variables);
	return r;
}

/* Says what went wrong, and waits; a failure when the scheduler's time is over. */
static int wait_for_scheduler(const struct scheduler *scheduler, double lost, unsigned failures,
			      const volatile sig_atomic_t *stop, struct failure *why,
			      struct failure *f)
{
	double pause = pause_after(failures, PAUSE_MOST);
	auto_free char *text = log_failure_text(why);

	if (scheduler->patience && pause_clock() + pause - lost > scheduler->patience)
		return fail(f, why->code, why->hint, "%s, for %u seconds", why->what,
			    scheduler->patience);
	log_line(LOG_NOTICE, "%s; again in %.1f s", text, pause);
	pause_for(pause, stop);
	return 0;
}

/* After "no job now". A WebSocket is asked again: the script's chain is for real machines. */
static void wait_for_job(const struct scheduler *scheduler, struct boot_script *script, char **url,
			 const volatile sig_atomic_t *stop)
{
	unsigned pause = scheduler->pause ? scheduler->pause : PAUSE;

	if (script->pause > pause)
		pause = script->pause;
	if (!is_websocket(scheduler->url)) {
		free(*url);
		*url = script->chain ? STEAL(script->chain) : xstrdup(scheduler->url);
	}
	log_line(LOG_INFO, "no job now; asking again in %u s", pause);
	pause_for(pause, stop);
}

int scheduler_next_job(const struct scheduler *scheduler, bool (*enough)(void *arg), void *arg,
		       const volatile sig_atomic_t *stop, struct boot_script *ret,
		       struct failure *f)
{
	auto_free char *url = xstrdup(scheduler->url);
	unsigned failures = 0;
	double lost = 0;

	for (;;) {
		auto_failure struct failure why = { 0 };
		struct boot_script script = { 0 };
		int r;

		if (stop && *stop)
			return fail(f, EINTR, NULL, "interrupted");
		if (enough && enough(arg)) {
			*ret = (struct boot_script){ .end = BOOT_SCRIPT_EXIT };
			return 0;
		}
		r = ask(scheduler, url, stop, &script, &why);
		if (r == 0 && script.end != BOOT_SCRIPT_NO_JOB) {
			*ret = script;
			return 0;
		}
		if (r == 0) {
			failures = 0;
			wait_for_job(scheduler, &script, &url, stop);
			boot_script_done(&script);
			continue;
		}
		if (r != -EIO)
			return fail(f, why.code, why.hint, "%s", why.what);
		lost = failures++ ? lost : pause_clock();
		r = wait_for_scheduler(scheduler, lost, failures, stop, &why, f);
		if (r < 0)
			return r;
	}
}

/* A word to the scheduler, on a path of its own server. */
static int tell(const struct scheduler *scheduler, const char *method, const char *path,
		const char *json, const volatile sig_atomic_t *stop, struct failure *f)
{
	auto_free char *url = NULL, *shown = NULL;
	struct http_request request = {
		.method = method,
		.json = json,
		.ca_file = scheduler->ca_file,
		.seconds = TELL_SECONDS,
		.stop = stop,
	};
	int status;

	if (!strncmp(scheduler->url, "file:", 5))
		return 0;
	/* The braces of ${mac} are no part of a URL; what stands behind the host goes anyway. */
	auto_free char *server = xstrndup(scheduler->url, strcspn(scheduler->url, "$"));

	if (url_on_server(server, path, &url, f) < 0)
		return -f->code;
	request.url = url;
	shown = url_shown(url);
	status = http_ask(&request, NULL, f);
	if (status < 0)
		return status;
	if (status < 300 || status == 404 || status == 405 || status == 501)
		return status;
	return fail(f, status >= 500 ? EIO : EPERM, NULL, "%s: HTTP status %d", shown, status);
}

static int tell_query(const struct scheduler *scheduler, const char *path, const char *name1,
		      const char *value1, const char *name2, const char *value2,
		      const volatile sig_atomic_t *stop, struct failure *f)
{
	auto_free char *encoded1 = url_encoded(value1);
	auto_free char *encoded2 = value2 ? url_encoded(value2) : NULL;
	auto_free char *query = NULL;

	if (value2)
		query = xasprintf("%s?%s=%s&%s=%s", path, name1, encoded1, name2, encoded2);
	else
		query = xasprintf("%s?%s=%s", path, name1, encoded1);
	return tell(scheduler, "PUT", query, NULL, stop, f);
}

int scheduler_register(const struct scheduler *scheduler, const volatile sig_atomic_t *stop,
		       struct failure *f)
{
	int r = tell_query(scheduler, "/set_host_mac", "hostname", scheduler->name, "mac",
			   scheduler->mac, stop, f);

	if (r >= 300)
		log_line(LOG_INFO, "the scheduler keeps no list of testboxes");
	if (r >= 0 && scheduler->queues)
		r = tell_query(scheduler, "/set_host2queues", "host", scheduler->name, "queues",
			       scheduler->queues, stop, f);
	return r < 0 ? r : 0;
}

void scheduler_leave(const struct scheduler *scheduler)
{
	auto_failure struct failure f = { 0 };
	int r = tell_query(scheduler, "/del_host_mac", "mac", scheduler->mac, NULL, NULL, NULL, &f);

	if (r >= 0 && scheduler->queues)
		r = tell_query(scheduler, "/del_host2queues", "host", scheduler->name, NULL, NULL,
			       NULL, &f);
	if (r < 0) {
		auto_free char *text = log_failure_text(&f);

		log_line(LOG_WARNING, "the scheduler was not told that this testbox leaves: %s",
			 text);
	}
}

int scheduler_report(const struct scheduler *scheduler, const char *job_id, const char *state,
		     int status, const char *reason, struct failure *f)
{
	json_t *object = json_pack("{ss ss ss* ss si ss*}", "testbox", scheduler->name, "mac",
				   scheduler->mac, "job_id", job_id, "state", state, "status",
				   status, "msg", reason);
	auto_free char *json = object ? json_dumps(object, JSON_COMPACT) : NULL;
	int r;

	json_decref(object);
	/* How it ended is told in any case. */
	if (!json && reason)
		return scheduler_report(scheduler, job_id, state, status, NULL, f);
	if (!json)
		return fail(f, EINVAL, NULL, "the report on job %s is no UTF-8",
			    job_id ? job_id : "?");
	r = tell(scheduler, "POST", "/report_event", json, NULL, f);
	return r < 0 ? r : 0;
}

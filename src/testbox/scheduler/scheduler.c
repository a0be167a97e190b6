// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/scheduler/scheduler.h"

#include "src/common/files.h"
#include "src/common/http_resume.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/pause.h"
#include "src/common/url.h"
#include "src/testbox/machine/memory.h"
#include "src/testbox/plan/script.h"
#include "src/testbox/scheduler/http.h"
#include "src/testbox/scheduler/script_jail.h"
#include "src/testbox/scheduler/websocket.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Compass-CI's holds the question of a machine for ten minutes, and one that hung up loses its job.
 */
#define HTTP_SECONDS 660
/* As Compass-CI's own testboxes do. */
#define WEBSOCKET_SECONDS 300
#define PAUSE		  5
#define PAUSE_MOST	  60.0
#define CHAINS_MAX	  8
#define TOKEN_MAX	  8192

int scheduler_token(const char *file, char **ret, struct failure *f)
{
	auto_free char *text = NULL;
	int r = file ? file_read(AT_FDCWD, file, TOKEN_MAX, &text) : 0;

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", file);
	*ret = text ? xstrndup(text, strcspn(text, "\r\n")) : NULL;
	return 0;
}

int scheduler_fetch_script(const char *url, const char *base, const char *ca_file,
			   const char *token, const volatile sig_atomic_t *stop, char **ret,
			   struct failure *f)
{
	struct http_request request = {
		.method = "GET",
		.url = url,
		.base = base,
		.ca_file = ca_file,
		.token = token,
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
		return fail(f, http_resume_heals(status) ? EIO : ENOENT,
			    status == 401 ? "--token FILE says who may ask" : NULL,
			    "%s: HTTP status %d", shown, status);
	*ret = STEAL(text);
	return 0;
}

static bool is_websocket(const char *url)
{
	return !strncmp(url, "ws://", 5) || !strncmp(url, "wss://", 6);
}

/* `by` is the URL whose script chained to this one; NULL: none. */
static int fetch(const struct scheduler *scheduler, const char *url, const char *by,
		 const volatile sig_atomic_t *stop, char **ret, struct failure *f)
{
	auto_free char *token = NULL;
	int r = 0;

	if (url_same_server(url, scheduler->url))
		r = scheduler_token(scheduler->token_file, &token, f);
	if (r < 0)
		return r;
	if (is_websocket(url))
		return websocket_ask(url, scheduler->ca_file, token, WEBSOCKET_SECONDS, stop, ret,
				     f);
	return scheduler_fetch_script(url, by, scheduler->ca_file, token, stop, ret, f);
}

static int read_script(const char *text, const char *url, struct variables *variables,
		       const volatile sig_atomic_t *stop, struct boot_script *ret,
		       struct failure *f)
{
	auto_free char *shown = url_shown(url), *file = url_file(url);
	const char *base = is_websocket(url) ? NULL : url;
	int r = script_jail_read(text, shown, base, variables, stop, ret, f);

	if (r == 0 && !file)
		ret->from = xstrdup(url);
	return r;
}

/* One answer, and the scripts that it chains to. */
static int ask(const struct scheduler *scheduler, const char *first,
	       const volatile sig_atomic_t *stop, struct boot_script *ret, struct failure *f)
{
	struct variables variables = { 0 };
	/* As Compass-CI's testboxes count it, in GiB (providers/qemu.rb). */
	auto_free char *url = NULL, *left = xasprintf("%u", (unsigned)(memory_left() >> 30));
	auto_free char *by = NULL, *file = url_file(scheduler->url);
	int r;

	/* After "no job now" an answer says where to ask. */
	if (!file && strcmp(first, scheduler->url) != 0)
		by = xstrdup(scheduler->url);

	variables_of_machine(&variables, scheduler->name, scheduler->mac);
	variables_set(&variables, "left_mem", left);
	r = variables_expand(&variables, first, false, &url, f);
	for (int n = 0; r == 0; n++) {
		auto_free char *text = NULL;

		r = fetch(scheduler, url, by, stop, &text, f);
		if (r == 0 && !text)
			*ret = (struct boot_script){ .end = BOOT_SCRIPT_NO_JOB };
		else if (r == 0)
			r = read_script(text, url, &variables, stop, ret, f);
		if (r < 0 || ret->end != BOOT_SCRIPT_CHAIN)
			break;
		if (n == CHAINS_MAX)
			r = fail(f, ELOOP, NULL, "more than %d scripts chain to one another", n);
		set_text(&by, STEAL(ret->from));
		set_text(&url, STEAL(ret->chain));
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
	if (!is_websocket(scheduler->url))
		set_text(url, script->chain ? STEAL(script->chain) : xstrdup(scheduler->url));
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

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/scheduler/scheduler_tell.h"

#include "src/common/json.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/url.h"
#include "src/testbox/scheduler/http.h"

#include <errno.h>
#include <string.h>

#define TELL_SECONDS 20
#define LOG_SECONDS  600
#define NAME_CHARS   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~+,:@=-"
#define FORGOTTEN    1001 /* heart_beat.cr: register again */

/* The server has no such service. */
static bool is_unknown(int status)
{
	return status == 404 || status == 405 || status == 501;
}

/* A word to the scheduler, on a path of its own server. */
static int tell(const struct scheduler *scheduler, const char *method, const char *path,
		const char *json, char **ret_answer, const volatile sig_atomic_t *stop,
		struct failure *f)
{
	auto_free char *url = NULL, *shown = NULL, *token = NULL, *place = NULL;
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

	place = xasprintf("%s%s", scheduler->token_file ? "/api" : "", path);
	if (url_on_server(server, place, &url, f) < 0 ||
	    scheduler_token(scheduler->token_file, &token, f) < 0)
		return -f->code;
	request.url = url;
	request.token = token;
	shown = url_shown(url);
	status = http_ask(&request, ret_answer, f);
	if (status < 0)
		return status;
	if (status < 300 || is_unknown(status))
		return status;
	return fail(f, status >= 500 ? EIO : EPERM,
		    status == 401 ? "--token FILE says who may ask" : NULL, "%s: HTTP status %d",
		    shown, status);
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
	return tell(scheduler, "PUT", query, NULL, NULL, stop, f);
}

/* As a machine whose memory and architecture the scheduler's jobs are looked for by. */
static int tell_host(const struct scheduler *scheduler, const volatile sig_atomic_t *stop,
		     struct failure *f)
{
	auto_free char *name = url_encoded(scheduler->name), *path = NULL;

	path = xasprintf("/register-host2redis?hostname=%s&type=vm&owner=local&max_mem=%u"
			 "&is_remote=%s&arch=%s",
			 name, scheduler->memory_gb, scheduler->token_file ? "true" : "false",
			 scheduler->arch);
	return tell(scheduler, "PUT", path, NULL, NULL, stop, f);
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
	if (r >= 0 && scheduler->arch)
		r = tell_host(scheduler, stop, f);
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
	auto_json json_t *object = json_pack("{ss ss ss* ss si ss*}", "testbox", scheduler->name,
					     "mac", scheduler->mac, "job_id", job_id, "state",
					     state, "status", status, "msg", reason);
	auto_free char *json = object ? json_dumps(object, JSON_COMPACT) : NULL;
	int r;

	/* How it ended is reported even if the reason cannot be. */
	if (!json && reason)
		return scheduler_report(scheduler, job_id, state, status, NULL, f);
	if (!json)
		return fail(f, EINVAL, NULL, "the report on job %s is no UTF-8",
			    job_id ? job_id : "?");
	r = tell(scheduler, "POST", "/report_event", json, NULL, NULL, f);
	return r < 0 ? r : 0;
}

int scheduler_beat(const struct scheduler *scheduler, struct failure *f)
{
	auto_free char *name = url_encoded(scheduler->name), *path = NULL, *answer = NULL;
	auto_json json_t *object = NULL;
	int r;

	path = xasprintf("/heart-beat?hostname=%s&type=vm&is_remote=%s", name,
			 scheduler->token_file ? "true" : "false");
	r = tell(scheduler, "GET", path, NULL, &answer, NULL, f);
	if (r < 0)
		return r;
	if (is_unknown(r))
		return fail(f, ENOTSUP, NULL, "the scheduler asks for no signs of life");
	object = answer ? json_loads(answer, JSON_REJECT_DUPLICATES, NULL) : NULL;
	r = json_integer_value(json_object_get(object, "status_code")) == FORGOTTEN &&
			    scheduler->arch
		    ? tell_host(scheduler, NULL, f)
		    : 0;
	return r < 0 ? r : 0;
}

/* The word of the script that says where the job's results are: a path, and nothing more. */
static const char *result_root(const struct boot_script *script)
{
	static const char word[] = "result_root=/";

	for (char **line = script->echo; line && *line; line++) {
		const char *path = *line + strlen(word) - 1;

		if (!strncmp(*line, word, strlen(word)) && !strstr(path, "..") &&
		    path[strspn(path, NAME_CHARS "/")] == '\0')
			return path;
	}
	return NULL;
}

int scheduler_send_log(const struct scheduler *scheduler, const char *server,
		       const struct boot_script *script, const char *log,
		       const volatile sig_atomic_t *stop, struct failure *f)
{
	const char *root = result_root(script), *id = script->job_id;
	auto_free char *path = NULL, *url = NULL, *cookie = NULL, *shown = NULL;
	struct http_request request = {
		.method = "POST",
		.file = log,
		.ca_file = scheduler->ca_file,
		.seconds = stop && *stop ? TELL_SECONDS : LOG_SECONDS,
		.stop = stop && *stop ? NULL : stop,
	};
	int status;

	if (!root || !id || id[strspn(id, NAME_CHARS)])
		return 0;
	path = xasprintf("%s/dmesg", root);
	if (url_on_server(server, path, &url, f) < 0)
		return -f->code;
	request.url = url;
	request.cookie = cookie = xasprintf("JOBID=%s", id);
	shown = url_shown(url);
	status = http_ask(&request, NULL, f);
	if (status < 0)
		return status;
	return status < 300 ? 0 : fail(f, EIO, NULL, "%s: HTTP status %d", shown, status);
}

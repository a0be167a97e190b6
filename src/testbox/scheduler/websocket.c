// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/scheduler/websocket.h"

#include "src/common/mem.h"
#include "src/common/pause.h"
#include "src/common/url.h"
#include "src/testbox/scheduler/script_jail.h"

#include <errno.h>
#include <libwebsockets.h>
#include <string.h>

#define MESSAGE_MAX	(1 << 20)
#define CONNECT_SECONDS 20
#define TICK		(100 * LWS_US_PER_MS)

struct question {
	lws_sorted_usec_list_t timer; /* first: the timer's function finds the rest by it */
	struct lws_context *context;
	const volatile sig_atomic_t *stop;
	const char *token;
	double end;
	char *message; /* as much as has come */
	size_t len;
	char *answer; /* to be sent */
	char *script;
	bool established, over;
	struct failure failure; /* code 0: none */
};

static int over(struct question *question)
{
	question->over = true;
	return -1;
}

/* libwebsockets' own waiting ends only for its timers. */
static void on_timer(lws_sorted_usec_list_t *timer)
{
	struct question *question = lws_container_of(timer, struct question, timer);

	if ((question->stop && *question->stop) || pause_clock() > question->end)
		question->over = true;
	lws_sul_schedule(question->context, 0, timer, on_timer, TICK);
}

static int on_message(struct question *question, struct lws *wsi)
{
	struct frame frame = { 0 };

	if (script_jail_frame(question->message, question->len, question->stop, &frame,
			      &question->failure) < 0)
		return over(question);
	question->len = 0;
	switch (frame.kind) {
	case FRAME_BOOT:
		question->script = STEAL(frame.text);
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
		return over(question);
	case FRAME_CLOSE:
		return over(question);
	case FRAME_ANSWER:
		set_text(&question->answer, STEAL(frame.text));
		lws_callback_on_writable(wsi);
		break;
	}
	return 0;
}

static int on_receive(struct question *question, struct lws *wsi, const void *data, size_t len)
{
	if (question->len + len > MESSAGE_MAX) {
		fail(&question->failure, EBADMSG, NULL,
		     "the scheduler's message is larger than %d KiB", MESSAGE_MAX >> 10);
		return over(question);
	}
	question->message = xreallocarray(question->message, question->len + len + 1, 1);
	if (len)
		memcpy(question->message + question->len, data, len);
	question->len += len;
	if (lws_remaining_packet_payload(wsi) || !lws_is_final_fragment(wsi))
		return 0;
	return on_message(question, wsi);
}

static int send_answer(struct question *question, struct lws *wsi)
{
	auto_free char *answer = STEAL(question->answer);
	auto_free unsigned char *room = NULL;
	size_t len;

	if (!answer)
		return 0;
	len = strlen(answer);
	room = xcalloc(1, LWS_PRE + len);
	memcpy(room + LWS_PRE, answer, len);
	return lws_write(wsi, room + LWS_PRE, len, LWS_WRITE_TEXT) < 0 ? over(question) : 0;
}

/* `at` is where the request's headers have come to, with `room` bytes left. */
static int add_token(struct question *question, struct lws *wsi, unsigned char **at, size_t room)
{
	if (!question->token)
		return 0;
	if (lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_AUTHORIZATION,
					 (const unsigned char *)question->token,
					 (int)strlen(question->token), at, *at + room) == 0)
		return 0;
	fail(&question->failure, E2BIG, NULL, "the token is too long for a request");
	return over(question);
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		    size_t len)
{
	struct question *question = lws_context_user(lws_get_context(wsi));

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return add_token(question, wsi, in, len);
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		question->established = true;
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		fail(&question->failure, EIO, NULL, "%s", in ? (const char *)in : "no connection");
		question->over = true;
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return on_receive(question, wsi, in, len);
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return send_answer(question, wsi);
	case LWS_CALLBACK_CLIENT_CLOSED:
		question->over = true;
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ .name = "scheduler", .callback = on_event, .rx_buffer_size = 65536 },
	{ 0 },
};

/* A server that is gone without a word is noticed. */
static const lws_retry_bo_t idle = {
	.secs_since_valid_ping = 30,
	.secs_since_valid_hangup = 60,
};

static struct lws_context *make_context(struct question *question, bool secure, const char *ca_file)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.protocols = protocols,
		.gid = (gid_t)-1,
		.uid = (uid_t)-1,
		.user = question,
		.connect_timeout_secs = CONNECT_SECONDS,
		.retry_and_idle_policy = &idle,
		.options = secure ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0,
		.client_ssl_ca_filepath = secure ? ca_file : NULL,
	};

	lws_set_log_level(0, NULL);
	return lws_create_context(&info);
}

static bool connect_to(struct lws_context *context, const struct url_parts *parts)
{
	struct lws_client_connect_info info = {
		.context = context,
		.address = parts->host,
		.port = parts->port,
		.path = parts->path,
		.host = parts->authority,
		.origin = parts->authority,
		/* A redirection would take the token along, to any server. */
		.ssl_connection =
			LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (parts->secure ? LCCSCF_USE_SSL : 0),
	};

	return lws_client_connect_via_info(&info) != NULL;
}

static int outcome(struct question *question, const char *shown, char **ret, struct failure *f)
{
	if (question->script) {
		*ret = STEAL(question->script);
		return 0;
	}
	if (question->stop && *question->stop)
		return fail(f, EINTR, NULL, "%s: interrupted", shown);
	if (question->failure.code)
		return fail(f, question->failure.code, question->failure.hint, "%s: %s", shown,
			    question->failure.what);
	if (pause_clock() > question->end && question->established) {
		*ret = NULL;
		return 0;
	}
	return fail(f, EIO, NULL, "%s: the connection ended without an answer", shown);
}

int websocket_ask(const char *url, const char *ca_file, const char *token, unsigned seconds,
		  const volatile sig_atomic_t *stop, char **ret, struct failure *f)
{
	struct question question = { .stop = stop, .token = token, .end = pause_clock() + seconds };
	auto_free char *shown = url_shown(url);
	struct url_parts parts;
	int r;

	r = url_split(url, &parts, f);
	if (r < 0)
		return r;
	question.context = make_context(&question, parts.secure, ca_file);
	if (!question.context) {
		r = fail(f, ENOMEM, NULL, "libwebsockets does not start");
	} else {
		lws_sul_schedule(question.context, 0, &question.timer, on_timer, TICK);
		/* Where it fails at once, the event has told why. */
		if (!connect_to(question.context, &parts))
			question.over = true;
		while (!question.over && lws_service(question.context, 0) >= 0)
			;
		/* Once more, for the close frame to go out. */
		if (question.script)
			lws_service(question.context, 0);
		lws_sul_schedule(question.context, 0, &question.timer, NULL,
				 LWS_SET_TIMER_USEC_CANCEL);
		lws_context_destroy(question.context);
		r = outcome(&question, shown, ret, f);
	}
	free(question.message);
	free(question.answer);
	free(question.script);
	failure_done(&question.failure);
	url_parts_done(&parts);
	return r;
}

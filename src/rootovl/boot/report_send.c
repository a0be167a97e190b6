// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/boot/report_send.h"

#include "src/common/clock.h"
#include "src/common/connect.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/lower/network.h"
#include "src/rootovl/machine/address.h"
#include "src/rootovl/machine/card.h"
#include "src/rootovl/machine/identity.h"
#include "src/rootovl/machine/wait_child.h"
#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/paths.h"
#include "src/rootovl/settings/report_place.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READY_MS  1000	/* the most that a good boot waits */
#define FAILED_MS 10000 /* a failed one, which the network may come too late for */
#define PAUSE_MS  250

/* The machine as a server of reports knows it; `local` is its address to that server. */
static void add_machine(struct report *report, const char *local)
{
	auto_free char *name = address_interface(local), *uuid = identity_uuid();
	struct card card;

	report_set(report, "machine", "address", local);
	if (name && card_read(name, &card) == 0)
		report_set(report, "machine", "mac", *card.permanent ? card.permanent : card.mac);
	if (uuid)
		report_set(report, "machine", "uuid", uuid);
}

/* Waits until the socket is ready for `events`. Returns 0 or -errno. */
static int wait_for(int fd, short events, uint64_t until)
{
	struct pollfd ready = { .fd = fd, .events = events };
	uint64_t now = clock_ms();
	int r = now < until ? poll(&ready, 1, (int)(until - now)) : 0;

	return r > 0 ? 0 : r < 0 ? -errno : -ETIMEDOUT;
}

static int send_all(int fd, const char *data, size_t n, uint64_t until)
{
	while (n) {
		ssize_t sent = send(fd, data, n, MSG_NOSIGNAL);
		int r = 0;

		if (sent < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (sent < 0)
			r = wait_for(fd, POLLOUT, until);
		if (r < 0)
			return r;
		data += sent > 0 ? sent : 0;
		n -= sent > 0 ? (size_t)sent : 0;
	}
	return 0;
}

/* Reads the status line. The rest of the answer does not matter. */
static int read_answer(int fd, uint64_t until, struct failure *f)
{
	char head[256] = "";
	size_t len = 0;
	int r = 0;

	while (r == 0 && len < sizeof(head) - 1 && !memchr(head, '\n', len)) {
		ssize_t n;

		r = wait_for(fd, POLLIN, until);
		n = r == 0 ? recv(fd, head + len, sizeof(head) - 1 - len, 0) : 0;
		if (n <= 0 && r == 0)
			break;
		len += n > 0 ? (size_t)n : 0;
	}
	if (r < 0)
		return fail_errno(f, -r, NULL, "its answer");
	head[len] = '\0';
	if (report_place_is_taken(head))
		return 0;
	head[strcspn(head, "\r\n")] = '\0';
	return fail(f, EPROTO, "what the server does with a POST to this path",
		    "it answered \"%.80s\"", head);
}

static int post(const struct report_place *place, uint64_t until, struct failure *f)
{
	uint64_t now = clock_ms();
	struct report report = { 0 };
	struct network_peer peer;
	auto_close int fd = network_connect(place->host, place->port,
					    now < until ? (unsigned)(until - now) : 1, &peer, f);
	auto_free char *body = NULL, *request = NULL;
	int r = fd < 0 ? fd : report_load(RUN_REPORT, &report.json, f);

	if (r < 0)
		return r;
	add_machine(&report, peer.local);
	body = json_dumps(report.json, JSON_COMPACT);
	json_decref(report.json);
	if (!body)
		return fail(f, ENOMEM, NULL, "the report as text");
	request = report_place_request(place, strlen(body));
	r = send_all(fd, request, strlen(request), until);
	if (r == 0)
		r = send_all(fd, body, strlen(body), until);
	return r < 0 ? fail_errno(f, -r, NULL, "sending") : read_answer(fd, until, f);
}

/* The child. Returns its exit status. */
static int send_retrying(const char *url, uint64_t until)
{
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };
	auto_failure struct failure f = { 0 };
	auto_free char *text = NULL;
	struct report_place place;
	int r = report_place_parse(&place, url);

	if (r == 0)
		r = post(&place, until, &f);
	while (r < 0 && connect_heals(-r) && clock_ms() + PAUSE_MS < until) {
		failure_done(&f);
		nanosleep(&pause, NULL);
		r = post(&place, until, &f);
	}
	report_place_done(&place);
	if (r == 0)
		return 0;
	failure_prefix(&f, "rootovl.report: %s", url);
	text = log_failure_text(&f);
	log_console(LOG_WARNING, "the report is not sent: %s", text);
	return 1;
}

void report_send(const char *url, bool failed)
{
	unsigned ms = failed ? FAILED_MS : READY_MS;
	pid_t child = url ? fork() : 0;

	if (!url)
		return;
	if (child == 0)
		_exit(send_retrying(url, clock_ms() + ms));
	if (child < 0) {
		log_console(LOG_WARNING, "the report is not sent: %s", strerror(errno));
		return;
	}
	if (wait_child(child, ms + PAUSE_MS, NULL))
		return;
	log_console(LOG_WARNING, "the report is not sent: %s did not answer within %u s", url,
		    ms / 1000);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

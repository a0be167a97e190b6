// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/fence_slirp.h"

#include "src/common/mem.h"
#include "src/testbox/plan/reach_rule.h"

#include <arpa/inet.h>
#include <errno.h>
#include <slirp/libslirp.h>
#include <string.h>
#include <time.h>

static int64_t now_ns(void *arg)
{
	struct timespec now;

	(void)arg;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static ssize_t send_packet(const void *frame, size_t len, void *arg)
{
	struct fence_slirp *net = arg;

	net->on_answer(net->arg, frame, len);
	return (ssize_t)len;
}

/* What a machine does wrong is its own matter. */
static void on_error(const char *text, void *arg)
{
	(void)text, (void)arg;
}

static void *new_timer(SlirpTimerCb ring, void *ring_arg, void *arg)
{
	struct fence_slirp *net = arg;
	struct fence_timer *timer;

	if (net->n_timers == FENCE_TIMERS)
		abort(); /* libslirp has one */
	timer = &net->timers[net->n_timers++];
	*timer = (struct fence_timer){ .ring = ring, .arg = ring_arg, .at = -1 };
	return timer;
}

static void free_timer(void *timer, void *arg)
{
	(void)arg;
	((struct fence_timer *)timer)->at = -1;
}

static void set_timer(void *timer, int64_t at, void *arg)
{
	(void)arg;
	((struct fence_timer *)timer)->at = at;
}

static void ignore_fd(int fd, void *arg)
{
	(void)fd, (void)arg;
}

static void ignore(void *arg)
{
	(void)arg;
}

static const SlirpCb callbacks = {
	.send_packet = send_packet,
	.guest_error = on_error,
	.clock_get_ns = now_ns,
	.timer_new = new_timer,
	.timer_free = free_timer,
	.timer_mod = set_timer,
	.register_poll_fd = ignore_fd,
	.unregister_poll_fd = ignore_fd,
	.notify = ignore,
};

int fence_slirp_open(struct fence_slirp *net, bool loopback, fence_frame_fn *on_answer, void *arg)
{
	SlirpConfig config = {
		.version = 1,
		.in_enabled = true,
		.in6_enabled = true,
		.vprefix_len = 64,
		.disable_host_loopback = !loopback,
	};

	inet_pton(AF_INET, "10.0.2.0", &config.vnetwork);
	inet_pton(AF_INET, "255.255.255.0", &config.vnetmask);
	inet_pton(AF_INET, REACH_GATEWAY, &config.vhost);
	inet_pton(AF_INET, "10.0.2.15", &config.vdhcp_start);
	inet_pton(AF_INET, REACH_NAMESERVER, &config.vnameserver);
	inet_pton(AF_INET6, "fec0::", &config.vprefix_addr6);
	inet_pton(AF_INET6, REACH_GATEWAY_V6, &config.vhost6);
	inet_pton(AF_INET6, REACH_NAMESERVER6, &config.vnameserver6);
	*net = (struct fence_slirp){ .on_answer = on_answer, .arg = arg };
	net->slirp = slirp_new(&config, &callbacks, net);
	return net->slirp ? 0 : -ENOMEM;
}

void fence_slirp_close(struct fence_slirp *net)
{
	if (net->slirp)
		slirp_cleanup(net->slirp);
	free(net->polled);
	*net = (struct fence_slirp){ 0 };
}

void fence_slirp_input(struct fence_slirp *net, const uint8_t *frame, size_t len)
{
	slirp_input(net->slirp, frame, (int)len);
}

static int add(struct fence_slirp *net, int fd, short events)
{
	if (net->n_polled == net->room) {
		net->room = net->room ? 2 * net->room : 16;
		net->polled = xreallocarray(net->polled, net->room, sizeof(*net->polled));
	}
	net->polled[net->n_polled] = (struct pollfd){ .fd = fd, .events = events };
	return (int)net->n_polled++;
}

static const struct {
	int slirp;
	short poll;
} bits[] = {
	{ SLIRP_POLL_IN, POLLIN },   { SLIRP_POLL_OUT, POLLOUT }, { SLIRP_POLL_PRI, POLLPRI },
	{ SLIRP_POLL_ERR, POLLERR }, { SLIRP_POLL_HUP, POLLHUP },
};

static int add_poll(int fd, int events, void *arg)
{
	short wanted = 0;

	for (size_t i = 0; i < ARRAY_SIZE(bits); i++)
		if (events & bits[i].slirp)
			wanted |= bits[i].poll;
	return add(arg, fd, wanted);
}

static int get_events(int i, void *arg)
{
	const struct fence_slirp *net = arg;
	int events = 0;

	for (size_t k = 0; k < ARRAY_SIZE(bits); k++)
		if (net->polled[i].revents & bits[k].poll)
			events |= bits[k].slirp;
	return events;
}

/* Milliseconds until the first timer, at most `most`. */
static int until_timer(const struct fence_slirp *net, uint32_t most)
{
	int64_t now = now_ns(NULL) / 1000000, first = most > INT32_MAX ? INT32_MAX : most;

	for (size_t i = 0; i < net->n_timers; i++)
		if (net->timers[i].at >= 0 && net->timers[i].at - now < first)
			first = net->timers[i].at > now ? net->timers[i].at - now : 0;
	return (int)first;
}

static void ring_timers(struct fence_slirp *net)
{
	int64_t now = now_ns(NULL) / 1000000;

	for (size_t i = 0; i < net->n_timers; i++) {
		struct fence_timer *timer = &net->timers[i];

		if (timer->at < 0 || timer->at > now)
			continue;
		timer->at = -1;
		timer->ring(timer->arg);
	}
}

void fence_slirp_wait(struct fence_slirp *net, int fd, short events, const struct pollfd **ret)
{
	uint32_t timeout = UINT32_MAX;
	int n;

	net->n_polled = 0;
	add(net, fd, events);
	slirp_pollfds_fill(net->slirp, &timeout, add_poll, net);
	n = poll(net->polled, net->n_polled, until_timer(net, timeout));
	if (n < 0)
		net->polled[0].revents = 0;
	slirp_pollfds_poll(net->slirp, n < 0, get_events, net);
	ring_timers(net);
	*ret = &net->polled[0];
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU's user network, libslirp, with the addresses that it has in QEMU. */
#pragma once

#include "src/testbox/machine/fence_stream.h"

#include <poll.h>
#include <stdbool.h>

#define FENCE_TIMERS 4

struct fence_timer {
	void (*ring)(void *arg);
	void *arg;
	int64_t at; /* milliseconds; -1: it does not run */
};

struct fence_slirp {
	struct Slirp *slirp;
	fence_frame_fn *on_answer;
	void *arg;
	struct fence_timer timers[FENCE_TIMERS];
	size_t n_timers;
	struct pollfd *polled; /* the first one is the caller's */
	size_t n_polled, room;
};

/*
 * Begins a network; `on_answer` gets the frames to the machine. Without `loopback` its gateway does
 * not lead to the host's loopback. Returns 0 or -errno.
 */
int fence_slirp_open(struct fence_slirp *net, bool loopback, fence_frame_fn *on_answer, void *arg);
void fence_slirp_close(struct fence_slirp *net);

/* Hands over a frame of the machine's. */
void fence_slirp_input(struct fence_slirp *net, const uint8_t *frame, size_t len);

/* Waits for the network's sockets and `fd`, whose events are in *ret, and serves the network. */
void fence_slirp_wait(struct fence_slirp *net, int fd, short events, const struct pollfd **ret);

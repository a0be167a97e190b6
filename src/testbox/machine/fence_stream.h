/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames on a stream socket of QEMU's, each behind its length in four bytes. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct fence_stream {
	int socket;
	uint8_t *in;
	size_t n_in;
	uint8_t *out;
	size_t n_out, sent, room;
};

typedef void fence_frame_fn(void *arg, const uint8_t *frame, size_t len);

/* Takes the socket, which stays the caller's. Returns 0 or -errno. */
int fence_stream_open(struct fence_stream *stream, int socket);
void fence_stream_close(struct fence_stream *stream);

/* What to wait for: POLLIN, and POLLOUT where frames are waiting. */
short fence_stream_events(const struct fence_stream *stream);

/* Reads what is there. Returns 0, -EPIPE at the end, -EBADMSG for a length of no frame, -errno. */
int fence_stream_read(struct fence_stream *stream, fence_frame_fn *on_frame, void *arg);

/* Adds a frame; drops it where too many wait. */
void fence_stream_add(struct fence_stream *stream, const uint8_t *frame, size_t len);

/* Writes what the socket takes. Returns 0 or -errno. */
int fence_stream_flush(struct fence_stream *stream);

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/fence_stream.h"

#include "src/common/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define LENGTH_LEN 4
#define FRAME_MAX  (68 * 1024) /* as QEMU's NET_BUFSIZE */
#define IN_MAX	   (4 * FRAME_MAX)
#define OUT_MAX	   (16 * 1024 * 1024) /* about as many frames as wait for a card in QEMU */

int fence_stream_open(struct fence_stream *stream, int socket)
{
	int flags = fcntl(socket, F_GETFL);

	*stream = (struct fence_stream){ .socket = socket, .in = xcalloc(IN_MAX, 1) };
	return flags < 0 || fcntl(socket, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

void fence_stream_close(struct fence_stream *stream)
{
	free(stream->in);
	free(stream->out);
	*stream = (struct fence_stream){ .socket = -1 };
}

short fence_stream_events(const struct fence_stream *stream)
{
	return stream->sent < stream->n_out ? POLLIN | POLLOUT : POLLIN;
}

/* Hands on each whole frame, and moves the rest to the front. */
static int take_frames(struct fence_stream *stream, fence_frame_fn *on_frame, void *arg)
{
	size_t at = 0;

	while (stream->n_in - at >= LENGTH_LEN) {
		uint32_t len;

		memcpy(&len, stream->in + at, LENGTH_LEN);
		len = ntohl(len);
		if (len > FRAME_MAX)
			return -EBADMSG;
		if (stream->n_in - at - LENGTH_LEN < len)
			break;
		on_frame(arg, stream->in + at + LENGTH_LEN, len);
		at += LENGTH_LEN + len;
	}
	stream->n_in -= at;
	memmove(stream->in, stream->in + at, stream->n_in);
	return 0;
}

int fence_stream_read(struct fence_stream *stream, fence_frame_fn *on_frame, void *arg)
{
	ssize_t n = recv(stream->socket, stream->in + stream->n_in, IN_MAX - stream->n_in, 0);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -EPIPE;
	stream->n_in += (size_t)n;
	return take_frames(stream, on_frame, arg);
}

void fence_stream_add(struct fence_stream *stream, const uint8_t *frame, size_t len)
{
	uint32_t length = htonl((uint32_t)len);
	size_t need = stream->n_out + LENGTH_LEN + len;

	if (need - stream->sent > OUT_MAX)
		return;
	if (need > stream->room && stream->sent) {
		stream->n_out -= stream->sent;
		memmove(stream->out, stream->out + stream->sent, stream->n_out);
		stream->sent = 0;
		need = stream->n_out + LENGTH_LEN + len;
	}
	if (need > stream->room) {
		stream->room = 2 * need;
		stream->out = xreallocarray(stream->out, stream->room, 1);
	}
	memcpy(stream->out + stream->n_out, &length, LENGTH_LEN);
	memcpy(stream->out + stream->n_out + LENGTH_LEN, frame, len);
	stream->n_out = need;
}

int fence_stream_flush(struct fence_stream *stream)
{
	while (stream->sent < stream->n_out) {
		ssize_t n = send(stream->socket, stream->out + stream->sent,
				 stream->n_out - stream->sent, MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		stream->sent += (size_t)n;
	}
	stream->sent = stream->n_out = 0;
	return 0;
}

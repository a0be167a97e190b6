/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * delay TAP SOCKET MILLISECONDS: joins a machine's card to the network interface TAP, as a cable on
 * which each frame takes so long, in both directions, and none overtakes another. The card is
 * QEMU's -nic stream,server=off,addr.type=unix,addr.path=SOCKET, whose stream has the length of
 * each frame in front of it. Says "ready" when the machine may come, and ends with it. No frame is
 * lost here: the kernel's netem, which this machine need not have, would do the same.
 *
 * SOCKET is a Unix socket: TCP would hold a frame back until the one before is acknowledged.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_MAX = 65536, HEAD = 4 };

/* A frame on its way, with its length in front as QEMU wants it. */
struct frame {
	struct frame *next;
	int64_t due;
	size_t length;
	unsigned char stream[];
};

struct direction {
	struct frame *first;
	struct frame **end;
};

static int64_t delay;

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void send_off(struct direction *way, const void *data, size_t length)
{
	struct frame *frame = malloc(sizeof(*frame) + HEAD + length);
	uint32_t head = htonl(length);

	if (!frame)
		err(1, "a frame");
	*frame = (struct frame){ .due = now() + delay, .length = length };
	memcpy(frame->stream, &head, HEAD);
	memcpy(frame->stream + HEAD, data, length);
	*way->end = frame;
	way->end = &frame->next;
}

/* Takes the first frame off if it has arrived. The caller frees it. */
static struct frame *arrived(struct direction *way)
{
	struct frame *frame = way->first;

	if (!frame || frame->due > now())
		return NULL;
	way->first = frame->next;
	if (!way->first)
		way->end = &way->first;
	return frame;
}

static void write_whole(int fd, const unsigned char *data, size_t length)
{
	while (length > 0) {
		ssize_t written = send(fd, data, length, MSG_NOSIGNAL);

		if (written < 0)
			exit(0); /* the machine is gone */
		data += written;
		length -= written;
	}
}

/* Splits the machine's stream into frames. Returns false at its end. */
static bool read_card(int card, struct direction *way)
{
	static unsigned char stream[HEAD + FRAME_MAX];
	static size_t have;
	ssize_t got = read(card, stream + have, sizeof(stream) - have);
	size_t at = 0;
	uint32_t length;

	if (got <= 0)
		return false;
	for (have += got; have - at >= HEAD; at += HEAD + length) {
		memcpy(&length, stream + at, HEAD);
		length = ntohl(length);
		if (length > FRAME_MAX)
			errx(1, "a frame of %u bytes", length);
		if (have - at < HEAD + length)
			break;
		send_off(way, stream + at + HEAD, length);
	}
	have -= at;
	memmove(stream, stream + at, have);
	return true;
}

static void read_tap(int tap, struct direction *way)
{
	static unsigned char data[FRAME_MAX];
	ssize_t length;

	while ((length = read(tap, data, sizeof(data))) > 0)
		send_off(way, data, length);
}

static int open_tap(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (tap < 0 || ioctl(tap, TUNSETIFF, &request) < 0)
		err(1, "%s", name);
	return tap;
}

/* Waits for the one machine. */
static int accept_card(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int card, listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		errx(1, "%s: too long for a socket", path);
	strcpy(address.sun_path, path);
	unlink(path);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(listener, 1) < 0)
		err(1, "%s", path);
	puts("ready");
	fflush(stdout);
	card = accept(listener, NULL, NULL);
	if (card < 0)
		err(1, "accept");
	close(listener);
	return card;
}

/* How long until the next frame arrives; NULL for ever. */
static const struct timespec *until_next(const struct direction *a, const struct direction *b,
					 struct timespec *left)
{
	int64_t due = INT64_MAX;

	if (a->first)
		due = a->first->due;
	if (b->first && b->first->due < due)
		due = b->first->due;
	if (due == INT64_MAX)
		return NULL;
	due -= now();
	if (due < 0)
		due = 0;
	*left = (struct timespec){ .tv_sec = due / 1000000000, .tv_nsec = due % 1000000000 };
	return left;
}

int main(int argc, char **argv)
{
	struct direction to_tap = { .end = &to_tap.first }, to_card = { .end = &to_card.first };
	struct pollfd both[2] = { { .events = POLLIN }, { .events = POLLIN } };
	struct timespec left;
	struct frame *frame;

	if (argc != 4)
		errx(2, "usage: delay TAP SOCKET MILLISECONDS");
	delay = atoll(argv[3]) * 1000000;
	both[0].fd = open_tap(argv[1]);
	both[1].fd = accept_card(argv[2]);
	for (;;) {
		if (ppoll(both, 2, until_next(&to_tap, &to_card, &left), NULL) < 0 &&
		    errno != EINTR)
			err(1, "poll");
		if (both[0].revents)
			read_tap(both[0].fd, &to_card);
		if (both[1].revents && !read_card(both[1].fd, &to_tap))
			return 0;
		for (; (frame = arrived(&to_tap)); free(frame))
			/* What the kernel does not want of a frame is its own affair. */
			if (write(both[0].fd, frame->stream + HEAD, frame->length) < 0)
				continue;
		for (; (frame = arrived(&to_card)); free(frame))
			write_whole(both[1].fd, frame->stream, HEAD + frame->length);
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Does the handshake of the NBD protocol, "fixed newstyle". Checks every value from the server. */
#include "src/rootovl/lower/nbd_handshake.h"

#include "src/common/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#define MAGIC	    0x4e42444d41474943ull /* "NBDMAGIC" */
#define OPTION	    0x49484156454f5054ull /* "IHAVEOPT" */
#define REPLY	    0x0003e889045565a9ull
#define REPLIES_MAX 32	  /* the most replies to one option */
#define REPLY_MAX   16384 /* the most bytes in one reply */

enum { GREET_FIXED = 1, GREET_NO_ZEROES = 2 };
enum { OPT_GO = 7 };
enum { INFO_EXPORT = 0, INFO_BLOCK_SIZE = 3 };
enum { TRANSMIT_HAS_FLAGS = 1 };

#define REP_ACK	  1u
#define REP_INFO  3u
#define REP_ERROR 0x80000000u

static const struct refusal {
	uint32_t type;
	int code;
	const char *cause, *hint;
} refusals[] = {
	{ REP_ERROR | 1, EPROTONOSUPPORT, "the server is too old: it does not know NBD_OPT_GO",
	  "use nbd-server 3.16, QEMU 2.9, nbdkit or later" },
	{ REP_ERROR | 2, EACCES, "the server refuses", "may this machine have the export?" },
	{ REP_ERROR | 5, EACCES, "the server wants TLS, which the kernel does not have",
	  "let it serve this export without" },
	{ REP_ERROR | 6, ENOENT, "no such export on the server",
	  "check its name; without one the server's default is asked for" },
	{ REP_ERROR | 7, ECONNREFUSED, "the server is going down", "will it come back?" },
};

/* Holds the connection, and what was read from the server. */
struct talk {
	int socket;
	uint64_t deadline;
	struct failure *f;
};

struct reply {
	uint32_t type, len;
	uint8_t data[REPLY_MAX];
};

static int wait_for(struct talk *talk, short events)
{
	struct pollfd ready = { .fd = talk->socket, .events = events };
	uint64_t now = clock_ms();
	int r = now < talk->deadline ? poll(&ready, 1, (int)(talk->deadline - now)) : 0;

	if (r > 0 || (r < 0 && errno == EINTR))
		return 0;
	return fail(talk->f, r < 0 ? errno : ETIMEDOUT, "is it an NBD server, and free?",
		    "the server does not answer");
}

/* Sends or receives exactly `len` bytes, until the deadline. */
static int carry(struct talk *talk, void *data, size_t len, bool out)
{
	uint8_t *at = data;

	while (len) {
		ssize_t n = out ? send(talk->socket, at, len, MSG_NOSIGNAL)
				: recv(talk->socket, at, len, 0);

		if (n == 0)
			return fail(talk->f, ECONNRESET, "is there such an export?",
				    "the server closes the connection");
		if (n > 0) {
			at += n;
			len -= (size_t)n;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return fail_errno(talk->f, errno, "is it an NBD server?",
					  "the connection to the server");
		n = wait_for(talk, out ? POLLOUT : POLLIN);
		if (n < 0)
			return (int)n;
	}
	return 0;
}

static uint64_t get(const uint8_t *at, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value = value << 8 | at[i];
	return value;
}

static uint8_t *put(uint8_t *at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
	return at + bytes;
}

static int odd(struct talk *talk, const char *what)
{
	return fail(talk->f, EPROTO, "is it an NBD server?",
		    "the server's answer makes no sense: %s", what);
}

static int greet(struct talk *talk)
{
	uint8_t hello[18], flags[4];
	uint64_t offered;
	int r = carry(talk, hello, sizeof(hello), false);

	if (r < 0)
		return r;
	if (get(hello, 8) != MAGIC)
		return odd(talk, "no NBD greeting");
	offered = get(hello + 16, 2);
	if (get(hello + 8, 8) != OPTION || !(offered & GREET_FIXED))
		return fail(talk->f, EPROTONOSUPPORT,
			    "does it serve the old style? It must be a server of 2017 or later",
			    "the server does not speak the fixed newstyle protocol");
	put(flags, offered & (GREET_FIXED | GREET_NO_ZEROES), 4);
	return carry(talk, flags, sizeof(flags), true);
}

static int send_option(struct talk *talk, uint32_t option, const uint8_t *data, size_t len)
{
	uint8_t head[16];
	int r;

	put(put(put(head, OPTION, 8), option, 4), len, 4);
	r = carry(talk, head, sizeof(head), true);
	return r < 0 ? r : carry(talk, (void *)data, len, true);
}

static int read_reply(struct talk *talk, uint32_t option, struct reply *reply)
{
	uint8_t head[20];
	int r = carry(talk, head, sizeof(head), false);

	if (r < 0)
		return r;
	if (get(head, 8) != REPLY || get(head + 8, 4) != option)
		return odd(talk, "no reply to what was asked");
	reply->type = (uint32_t)get(head + 12, 4);
	reply->len = (uint32_t)get(head + 16, 4);
	if (reply->len > sizeof(reply->data))
		return odd(talk, "a reply without end");
	return carry(talk, reply->data, reply->len, false);
}

static int refuse(struct talk *talk, uint32_t type)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (refusals[i].type == type)
			return fail(talk->f, refusals[i].code, refusals[i].hint, "%s",
				    refusals[i].cause);
	return fail(talk->f, EPROTO, "the server's log may say more",
		    "the server refuses, error %" PRIu32, type & ~REP_ERROR);
}

/* Reads one information of a reply. Ignores those that were not requested. */
static int take_info(struct talk *talk, const struct reply *reply, struct nbd_export *ret)
{
	uint64_t type = reply->len >= 2 ? get(reply->data, 2) : UINT16_MAX;

	if (type == INFO_EXPORT && reply->len != 12)
		return odd(talk, "the export's size");
	if (type == INFO_EXPORT && !(get(reply->data + 10, 2) & TRANSMIT_HAS_FLAGS))
		return odd(talk, "no flags");
	if (type == INFO_EXPORT)
		ret->size = get(reply->data + 2, 8);
	if (type == INFO_BLOCK_SIZE && reply->len == 14)
		ret->block = (unsigned)get(reply->data + 2, 4);
	return 0;
}

static int go(struct talk *talk, const char *name, struct nbd_export *ret)
{
	static const size_t around =
		4 + 2 + 2; /* the length of the name, and one requested information */
	uint8_t data[NBD_EXPORT_MAX + 8];
	size_t len = strlen(name);
	struct reply reply;
	uint8_t *end = put(data, len, 4);
	int r;

	memcpy(end, name, len);
	put(put(end + len, 1, 2), INFO_BLOCK_SIZE, 2);
	r = send_option(talk, OPT_GO, data, len + around);
	for (int i = 0; r == 0 && i < REPLIES_MAX; i++) {
		r = read_reply(talk, OPT_GO, &reply);
		if (r < 0)
			return r;
		if (reply.type == REP_ACK)
			return 0;
		if (reply.type & REP_ERROR)
			return refuse(talk, reply.type);
		if (reply.type == REP_INFO)
			r = take_info(talk, &reply, ret);
	}
	return r < 0 ? r : odd(talk, "replies without end");
}

static int check(struct talk *talk, struct nbd_export *export)
{
	if (export->block < 512)
		export->block = 512;
	if (export->block > 4096 || (export->block & (export->block - 1)))
		return fail(talk->f, EPROTONOSUPPORT, "let it serve blocks of at most 4096 bytes",
			    "the server wants requests in units of %u bytes", export->block);
	export->size -= export->size % export->block;
	if (export->size == 0 || export->size > INT64_MAX)
		return fail(talk->f, EINVAL, "look at it on the server",
			    "the export is %" PRIu64 " bytes large", export->size);
	return 0;
}

int nbd_handshake(int socket, const char *name, uint64_t deadline, struct nbd_export *ret,
		  struct failure *f)
{
	struct talk talk = { .socket = socket, .deadline = deadline, .f = f };
	struct nbd_export export = { 0 };
	int r;

	name = name ? name : "";
	if (strlen(name) > NBD_EXPORT_MAX)
		return fail(f, ENAMETOOLONG, NULL, "the export's name is longer than %d bytes",
			    NBD_EXPORT_MAX);
	r = greet(&talk);
	if (r == 0)
		r = go(&talk, name, &export);
	if (r == 0)
		r = check(&talk, &export);
	if (r == 0)
		*ret = export;
	return r;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The process of a machine's network: what frames reach on the real loopback of this host. */
#include "src/testbox/machine/fence.h"
#include "src/common/mem.h"
#include "tests/unit/testbox/machine/frames.h"
#include "tests/unit/unit.h"

#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* A socket of UDP on 127.0.0.1, and its port. */
static int open_service(unsigned *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

static void send_frame(int socket, const struct frame *frame)
{
	uint32_t len = htonl((uint32_t)frame->len);

	assert_int_equal(send(socket, &len, sizeof(len), MSG_NOSIGNAL), sizeof(len));
	assert_int_equal(send(socket, frame->data, frame->len, MSG_NOSIGNAL), frame->len);
}

static void send_udp(int socket, const char *to, unsigned port)
{
	struct frame frame = frame_make(to, IPPROTO_UDP, port);

	send_frame(socket, &frame);
}

static bool has_come(int service)
{
	struct pollfd poll_fd = { .fd = service, .events = POLLIN };
	char data[64];

	if (poll(&poll_fd, 1, 0) != 1)
		return false;
	recv(service, data, sizeof(data), 0);
	return true;
}

struct network {
	int socket;
	pid_t pid;
};

/* The network of a machine that may reach one port of the loopback. */
static struct network start(unsigned port)
{
	auto_free char *rule = xasprintf("10.0.2.2/128:%u", port);
	struct network network;
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	network.socket = ends[0];
	network.pid = fork();
	if (network.pid == 0) {
		auto_free char *fd = xasprintf("%d", ends[1]);
		char *words[] = { fd, rule, NULL };

		close(ends[0]);
		_exit(fence_main(words));
	}
	close(ends[1]);
	return network;
}

/* It ends by itself when QEMU does, in whatever state. */
static void ends_well(const struct network *network)
{
	int status;

	close(network->socket);
	assert_int_equal(waitpid(network->pid, &status, 0), network->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Frames go in their order: when the last one has come, those before it were decided on. */
TEST(a_service_of_the_loopback_is_not_reached)
{
	static const char *const ways[] = { "10.0.2.2",	  "127.0.0.1", "255.255.255.255", "0.0.0.0",
					    "10.0.2.255", "fec0::2",   "::127.0.0.1" };
	unsigned secret_port, allowed_port;
	int secret = open_service(&secret_port), allowed = open_service(&allowed_port);
	struct network network = start(allowed_port);
	struct pollfd wait = { .fd = allowed, .events = POLLIN };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		send_udp(network.socket, ways[i], secret_port);
	send_udp(network.socket, "127.0.0.1", allowed_port);
	send_udp(network.socket, "10.0.2.2", allowed_port);
	assert_int_equal(poll(&wait, 1, 60000), 1);
	assert_true(has_come(allowed));
	assert_false(has_come(allowed));
	assert_false(has_come(secret));
	ends_well(&network);
	close(secret);
	close(allowed);
}

/* The machine is told at once: a connection reset, in a frame of the user network. */
TEST(a_connection_that_is_refused_is_answered)
{
	struct network network = start(1);
	struct frame frame = frame_make("10.0.2.2", IPPROTO_TCP, 22);
	uint8_t answer[4 + 54];

	send_frame(network.socket, &frame);
	assert_int_equal(recv(network.socket, answer, sizeof(answer), MSG_WAITALL), sizeof(answer));
	assert_int_equal(answer[4 + 14 + 20 + 13], 0x14); /* RST, ACK */
	ends_well(&network);
}

TEST(a_length_of_no_frame_ends_it)
{
	struct network network = start(1);
	const uint32_t len = htonl(0x7fffffff);
	int status;

	send(network.socket, &len, sizeof(len), MSG_NOSIGNAL);
	assert_int_equal(waitpid(network.pid, &status, 0), network.pid);
	assert_int_equal(WEXITSTATUS(status), 1);
	close(network.socket);
}

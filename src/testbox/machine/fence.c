// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/fence.h"

#include "src/common/log.h"
#include "src/common/macro.h"
#include "src/testbox/machine/fence_frame.h"
#include "src/testbox/machine/fence_refusal.h"
#include "src/testbox/machine/fence_slirp.h"
#include "src/testbox/machine/fence_stream.h"
#include "src/testbox/machine/qemu_user.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define REFUSED_MAX 20 /* lines about them in the log */

struct fence {
	const struct reach_rules *rules;
	struct fence_stream stream;
	struct fence_slirp slirp;
	struct fence_target refused[REFUSED_MAX];
	size_t n_refused;
};

/* Each server once: a machine tries again and again. */
static void tell_refused(struct fence *fence, const struct fence_target *to)
{
	auto_free char *address = NULL;

	for (size_t i = 0; i < fence->n_refused; i++)
		if (!memcmp(&fence->refused[i], to, sizeof(*to)))
			return;
	if (fence->n_refused == REFUSED_MAX)
		return;
	fence->refused[fence->n_refused++] = *to;
	address = address_text(&to->address);
	log_line(LOG_NOTICE,
		 "the machine may not reach %s, port %u (\"reach:\" in its host file allows it)",
		 address, to->port);
	if (fence->n_refused == REFUSED_MAX)
		log_line(LOG_NOTICE, "and others, which are not told");
}

/* From QEMU: what the rules let pass goes into the user network. */
static void on_frame(void *arg, const uint8_t *frame, size_t len)
{
	struct fence *fence = arg;
	uint8_t refusal[FENCE_REFUSAL_MAX];
	struct fence_target to = { 0 };
	size_t n;

	switch (fence_frame_look(fence->rules, frame, len, &to)) {
	case FENCE_PASS:
		fence_slirp_input(&fence->slirp, frame, len);
		break;
	case FENCE_REFUSE:
		tell_refused(fence, &to);
		n = fence_refusal_make(frame, len, refusal);
		if (n)
			fence_stream_add(&fence->stream, refusal, n);
		break;
	case FENCE_DROP:
		break;
	}
}

/* From the user network: it answers this machine only. */
static void on_answer(void *arg, const uint8_t *frame, size_t len)
{
	struct fence *fence = arg;

	fence_stream_add(&fence->stream, frame, len);
}

/* A second wall, where no rule leads to the host's loopback. */
static bool leads_to_loopback(const struct reach_rules *rules)
{
	for (size_t i = 0; i < rules->n; i++)
		if (reach_is_gateway(&rules->rules[i].address))
			return true;
	return false;
}

int fence_serve(int socket, const struct reach_rules *rules)
{
	struct fence fence = { .rules = rules };
	int r = fence_stream_open(&fence.stream, socket);

	if (r == 0)
		r = fence_slirp_open(&fence.slirp, leads_to_loopback(rules), on_answer, &fence);
	while (r == 0) {
		const struct pollfd *first;

		fence_slirp_wait(&fence.slirp, socket, fence_stream_events(&fence.stream), &first);
		if (first->revents & (POLLIN | POLLHUP | POLLERR))
			r = fence_stream_read(&fence.stream, on_frame, &fence);
		if (r == 0)
			r = fence_stream_flush(&fence.stream);
	}
	fence_slirp_close(&fence.slirp);
	fence_stream_close(&fence.stream);
	return r == -EPIPE || r == -ECONNRESET ? 0 : r;
}

static int limit(int what, rlim_t most)
{
	const struct rlimit value = { most, most };

	return setrlimit(what, &value);
}

/* A machine's frames are read with no right but to use the network. */
static int drop_rights(void)
{
	pid_t parent = getppid();
	struct qemu_user user;
	int error;

	qemu_user_find(&user);
	user.kvm = (gid_t)-1;
	error = qemu_user_become(&user);
	if (error)
		return -error;
	if (user.other) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			return -ESRCH;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0 ||
	    limit(RLIMIT_CORE, 0) < 0 || limit(RLIMIT_NPROC, 0) < 0)
		return -errno;
	return 0;
}

int fence_main(char *const *words)
{
	struct reach_rules rules = { 0 };
	int socket = words[0] ? atoi(words[0]) : -1, r = words[0] ? 0 : -EINVAL;

	prctl(PR_SET_NAME, "testbox-network");
	signal(SIGPIPE, SIG_IGN);
	for (char *const *word = words + 1; r == 0 && *word; word++) {
		struct reach_rule rule;

		r = reach_rule_read(*word, &rule);
		if (r == 0)
			reach_rules_add(&rules, &rule);
	}
	if (r == 0)
		r = drop_rights();
	if (r == 0)
		r = fence_serve(socket, &rules);
	if (r < 0)
		log_line(LOG_ERR, "testbox: the user network ends: %s", strerror(-r));
	reach_rules_done(&rules);
	return r < 0;
}

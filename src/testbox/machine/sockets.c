// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/sockets.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int make_pair(int *ours, int *theirs, struct failure *f)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return fail_errno(f, errno, NULL, "socketpair(2)");
	*ours = ends[0];
	*theirs = ends[1];
	return 0;
}

int sockets_make(struct machine_sockets *ours, struct machine_sockets *theirs, bool port,
		 struct failure *f)
{
	int r = make_pair(&ours->console, &theirs->console, f);

	if (r == 0)
		r = make_pair(&ours->qmp, &theirs->qmp, f);
	if (r == 0 && port)
		r = make_pair(&ours->port, &theirs->port, f);
	return r;
}

static void close_socket(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void sockets_close(struct machine_sockets *sockets)
{
	close_socket(&sockets->console);
	close_socket(&sockets->qmp);
	close_socket(&sockets->port);
}

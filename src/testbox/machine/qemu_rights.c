// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/qemu_rights.h"

#include "src/testbox/machine/no_setuid.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* In the child. */
static int lower_rights(const void *arg)
{
	const struct qemu_rights *rights = arg;
	const struct rlimit none = { 0 };
	int error;

	for (size_t i = 0; i < rights->fds->n; i++)
		if (dup2(rights->fds->fds[i], rights->fds->first + (int)i) < 0)
			return errno;
	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return errno;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	error = qemu_user_become(rights->user);
	if (error)
		return error;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return errno;
	return rights->serves ? no_setuid() : 0;
}

int qemu_start(struct undo *undo, const struct program *program, const struct qemu_rights *rights,
	       pid_t *ret, struct failure *f)
{
	struct program lowered = *program;

	lowered.prepare = lower_rights;
	lowered.prepare_arg = rights;
	return undo_start(undo, &lowered, ret, f);
}

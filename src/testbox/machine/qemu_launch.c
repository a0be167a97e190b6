// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/qemu_launch.h"

#include "src/common/log.h"
#include "src/testbox/machine/qemu_files.h"
#include "src/testbox/machine/scope.h"

#include <errno.h>
#include <unistd.h>

#define SCOPE_MEMORY_MORE (2ull << 30)
#define SCOPE_TASKS_MORE  256

/*
 * What QEMU takes beside the machine's memory: its own, the code that it translates without KVM (a
 * GiB at most), the initrd; and threads for each processor and for its disks.
 */
static void enter_scope(const struct qemu_launch *launch, pid_t pid)
{
	const struct scope_limits limits = {
		.memory = launch->plan->memory + SCOPE_MEMORY_MORE + launch->initrd,
		.tasks = launch->cpus + SCOPE_TASKS_MORE,
	};
	int r = scope_enter(launch->box, pid, &limits);

	if (r < 0 && launch->verbose && geteuid() == 0)
		log_line(LOG_WARNING, "%s: no limits of memory, processes and disks: %s",
			 launch->box->name,
			 r == -ENOENT ? "systemd does not run here" : "systemd refused them");
}

int qemu_launch(const struct qemu_launch *launch, pid_t *ret, struct failure *f)
{
	const struct machine_sockets *sockets = launch->sockets;
	const int all[] = { sockets->console,
			    sockets->qmp,
			    sockets->port,
			    launch->shares->result.connected,
			    launch->shares->rootfs.connected,
			    launch->folder };
	int keep[ARRAY_SIZE(all) + HOST_NICS_MAX + 1], n = 0;
	const struct program program = { .argv = (const char *const *)launch->plan->qemu,
					 .output = launch->output->writer,
					 .keep = keep };
	struct qemu_user user;
	struct qemu_fds fds;
	const struct qemu_rights rights = { &user, &fds, launch->folder >= 0 };
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (all[i] >= 0)
			keep[n++] = all[i];
	for (size_t i = 0; i < HOST_NICS_MAX; i++)
		if (launch->nets->qemu[i] >= 0)
			keep[n++] = launch->nets->qemu[i];
	keep[n] = -1;
	qemu_user_find(&user);
	if (!user.own)
		log_line(LOG_WARNING,
			 "testbox: %s: QEMU runs as nobody, for this host has no user " QEMU_USER
			 " (systemd-sysusers makes it)",
			 launch->box->name);
	r = qemu_files_open(launch->box, launch->plan, &user, &fds, f);
	if (r == 0)
		r = qemu_start(launch->box->undo, &program, &rights, ret, f);
	if (r == 0)
		enter_scope(launch, *ret);
	qemu_files_close(&fds);
	cut_log_started(launch->output);
	return r;
}

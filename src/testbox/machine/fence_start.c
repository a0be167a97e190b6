// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/fence_start.h"

#include "src/common/mem.h"
#include "src/testbox/download/reach_resolve.h"
#include "src/testbox/machine/fence.h"
#include "src/testbox/plan/reach_script.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

#define PROGRAM "/proc/self/exe"

void fence_sockets_none(struct fence_sockets *sockets)
{
	for (size_t i = 0; i < HOST_NICS_MAX; i++)
		sockets->qemu[i] = sockets->network[i] = -1;
}

int fence_sockets_make(struct fence_sockets *sockets, const struct host *host, struct failure *f)
{
	for (size_t i = 0; !host->reach.all && i < host->n_nics; i++) {
		int ends[2];

		if (host->nics[i].bridge)
			continue;
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
			return fail_errno(f, errno, NULL, "socketpair(2)");
		sockets->qemu[i] = ends[0];
		sockets->network[i] = ends[1];
	}
	return 0;
}

void fence_sockets_close(struct fence_sockets *sockets)
{
	for (size_t i = 0; i < HOST_NICS_MAX; i++) {
		if (sockets->qemu[i] >= 0)
			close(sockets->qemu[i]);
		if (sockets->network[i] >= 0)
			close(sockets->network[i]);
	}
	fence_sockets_none(sockets);
}

struct reach fence_reach(const struct host *host, const struct boot_script *script)
{
	struct reach reach = { .all = host->reach.all };

	for (size_t i = 0; i < host->reach.n; i++) {
		auto_free char *text = reach_server_text(&host->reach.servers[i]);

		(void)reach_read(&reach, text);
	}
	reach_script_add(&reach, script, host->cmdline, script->from);
	return reach;
}

static char **command(int socket, const struct reach_rules *rules)
{
	char **argv = NULL;

	strv_add(&argv, xstrdup(PROGRAM));
	strv_add(&argv, xstrdup(FENCE_WORD));
	strv_add(&argv, xasprintf("%d", socket));
	for (size_t i = 0; i < rules->n; i++)
		strv_add(&argv, reach_rule_text(&rules->rules[i]));
	return argv;
}

static int start_one(int socket, const struct reach_rules *rules, struct undo *undo, int log,
		     struct failure *f)
{
	const int keep[] = { socket, -1 };
	auto_strv char **argv = command(socket, rules);
	struct program program = { .argv = (const char *const *)argv, .output = log, .keep = keep };
	pid_t pid;

	return undo_start(undo, &program, &pid, f);
}

static int start_all(const struct fence_sockets *sockets, const struct reach_rules *rules,
		     const struct box *box, struct failure *f)
{
	auto_free char *path = xasprintf("%s/network.log", box->dir);
	auto_close int log =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	int r = log < 0 ? fail_errno(f, errno, NULL, "%s", path) : 0;

	for (size_t i = 0; r == 0 && i < HOST_NICS_MAX; i++)
		if (sockets->network[i] >= 0)
			r = start_one(sockets->network[i], rules, box->undo, log, f);
	return r;
}

static bool has_pairs(const struct fence_sockets *sockets)
{
	for (size_t i = 0; i < HOST_NICS_MAX; i++)
		if (sockets->network[i] >= 0)
			return true;
	return false;
}

int fence_start(const struct fence_sockets *sockets, const struct host *host,
		const struct boot_script *script, const struct box *box, struct failure *f)
{
	struct reach_rules rules = { 0 };
	struct reach of_script = { 0 };
	int r;

	if (!has_pairs(sockets))
		return 0;
	reach_script_add(&of_script, script, host->cmdline, script->from);
	reach_resolve_host(&host->reach, &rules);
	reach_resolve_script(&of_script, reach_resolve_kinds(script->from), &rules);
	r = start_all(sockets, &rules, box, f);
	reach_done(&of_script);
	reach_rules_done(&rules);
	return r;
}

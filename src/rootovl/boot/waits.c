// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/boot/waits.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/machine/mount_causes.h"

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>

#define TELL_MS	 11000 /* a step that says itself what it waits for does so after ten seconds … */
#define MOUNT_MS 20000 /* … and one try to mount may take longer than that */
#define HELD	 5     /* so many checks in a row with the child blocked are no coincidence */

static char *read_proc(pid_t pid, const char *file)
{
	auto_free char *path = xasprintf("/proc/%d/%s", (int)pid, file);
	char *text = NULL;

	return file_read(AT_FDCWD, path, 4096, &text) < 0 ? NULL : text;
}

/*
 * Returns whether the process waits in the kernel for a disk or a server. Mostly its state is then
 * D (proc(5)). During the grace period of an NFS server it waits in openat(2) in the state S.
 */
static bool is_held(pid_t pid)
{
	auto_free char *stat = read_proc(pid, "stat");
	auto_free char *call = read_proc(pid, "syscall");
	/* The program name, in brackets, may have any characters. */
	const char *end = stat ? strrchr(stat, ')') : NULL;
	char *behind;

	if (end && !strncmp(end, ") D", 3))
		return true;
	/* The file has "running", or the number of the system call and its arguments. */
	return call && strtol(call, &behind, 10) == SYS_openat && behind != call;
}

char *waits_text(const struct boot_progress *progress, uint64_t ms, bool held)
{
	unsigned long long s = (unsigned long long)ms / 1000;

	if (held && progress->folder && !progress->local)
		return xasprintf("waiting for %s: %s has no answer of the server (%llu s%s%s)",
				 progress->root, progress->step, s, progress->nfs ? "; " : "",
				 progress->nfs ? MOUNT_CAUSES_GRACE : "");
	return xasprintf("waiting for %s%s%s (%llu s)", progress->step,
			 *progress->object ? ": " : "", progress->object, s);
}

void waits_tell(struct waits *waits)
{
	const struct boot_progress *progress = waits->progress;
	uint64_t now = clock_ms(), quiet = progress->since;
	auto_free char *text = NULL;

	waits->held = is_held(waits->child) ? waits->held + 1 : 0;
	if (progress->said > quiet)
		quiet = progress->said;
	if (!*progress->step || now < quiet + (progress->tells ? MOUNT_MS : TELL_MS))
		return;
	text = waits_text(progress, now - progress->since, waits->held >= HELD);
	log_console(LOG_NOTICE, "%s", text);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "copy payload": moves the files of the initrds into the upper.
 * Runs once the upper is mounted. Needs boot->newroot, which writes into it. Leaves RUN_MOVED, for
 * the payload is moved and a second try would find it gone, and boot->copied.
 */
#include "src/rootovl/steps/copy_payload.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/configure/kept_files.h"
#include "src/rootovl/payload/payload.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

/*
 * Returns the first message of the kernel that begins with `start`, owned by the caller (/dev/kmsg,
 * Documentation/ABI/testing/dev-kmsg). Returns NULL if the log does not have it, perhaps because it
 * was overwritten.
 */
static char *find_in_kernel_log(const char *start)
{
	auto_close int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[8193];
	ssize_t n;

	/* EPIPE: a record was overwritten before it was read. */
	while (fd >= 0 && ((n = read(fd, record, sizeof(record) - 1)) > 0 || errno == EPIPE)) {
		char *text;

		if (n <= 0)
			continue;
		record[n] = '\0';
		text = strchr(record, ';');
		if (text && !strncmp(text + 1, start, strlen(start)))
			return xstrndup(text + 1, strcspn(text + 1, "\n"));
	}
	return NULL;
}

static void warn(struct boot *boot, const char *text)
{
	log_console(LOG_WARNING, "%s", text);
	report_add(boot->report, "warnings", text);
}

/*
 * Warns about a damaged initrd: the kernel continues with the files that it could unpack. This is
 * no failure, because with some boot loaders and compressions the kernel complains about padding
 * after a complete initrd.
 */
static void warn_of_damage(struct boot *boot)
{
	auto_free char *said = find_in_kernel_log("Initramfs unpacking failed");
	auto_free char *text = NULL;

	if (!said)
		return;
	text = xasprintf("an initrd is damaged, files of the payload may be absent or cut short "
			 "(the kernel: %s)",
			 said);
	warn(boot, text);
}

/* Warns about links of the payload where the root kept its own directories. */
static void warn_of_links(struct boot *boot)
{
	const struct payload_stats *copied = boot->copied;
	auto_free char *more = NULL;

	for (char **text = copied->warnings; text && *text; text++)
		warn(boot, *text);
	if (copied->links_left_out <= PAYLOAD_WARNINGS_MAX)
		return;
	more = xasprintf("payload: %" PRIu64 " more links were left out in the same way",
			 copied->links_left_out - PAYLOAD_WARNINGS_MAX);
	warn(boot, more);
}

bool copy_payload_was_moved(struct failure *f)
{
	if (access(RUN_MOVED, F_OK) < 0)
		return false;
	fail(f, ESTALE, "boot again", "the payload was moved by a try that failed");
	return true;
}

int step_copy_payload(struct boot *boot, const struct step *step, struct failure *f)
{
	auto_close int source = open(boot->plan->source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (source < 0)
		return fail_errno(f, errno, NULL, "%s", boot->plan->source);
	if (copy_payload_was_moved(f))
		return -ESTALE;
	if (file_write(AT_FDCWD, RUN_MOVED, "", 0644) < 0)
		return fail_errno(f, errno, NULL, RUN_MOVED);
	warn_of_damage(boot);
	r = payload_copy(source, boot->newroot, &step->copy, boot->copied, f);
	warn_of_links(boot);
	return r == 0 && boot->plan->settings.persist ? kept_files_before(boot->newroot, f) : r;
}

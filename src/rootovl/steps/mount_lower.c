// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step "mount lower": the root of the server, or its copy on the disk, read-only on RUN_LOWER.
 * Runs after "load modules", and "find copy" where there is one. Needs the network, for which it
 * waits until boot->deadline, and boot->copy. Leaves the mount, boot->lower open on it,
 * boot->local, and in /run what the booted system needs to keep an NBD device and to make the copy.
 */
#include "src/rootovl/steps/mount_lower.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/disk/lower_identity.h"
#include "src/rootovl/lower/check.h"
#include "src/rootovl/lower/lower.h"
#include "src/rootovl/lower/lower_retry.h"
#include "src/rootovl/lower/network.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/machine/unmount.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/report/report.h"
#include "src/rootovl/settings/paths.h"
#include "src/rootovl/steps/find_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>

/*
 * The service runs after everything else of the boot, also after the service of a job. Its failure
 * is ignored: otherwise a job would find systemd "degraded" only because there is no copy. If
 * memory is short, the kernel kills it before the job.
 */
static const char copier[] = "# made by rootovl in the initramfs\n"
			     "[Unit]\n"
			     "Description=Copy the root to the local disk\n"
			     "After=multi-user.target\n"
			     "[Service]\n"
			     "Type=exec\n"
			     "ExecStart=-" RUN_PROGRAM " cache-fill\n"
			     "WorkingDirectory=" RUN_DIR "\n"
			     "CapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER "
			     "CAP_FSETID CAP_MKNOD CAP_SETFCAP CAP_SYS_ADMIN\n"
			     "Nice=19\n"
			     "CPUSchedulingPolicy=idle\n"
			     "IOSchedulingClass=idle\n"
			     "OOMScoreAdjust=1000\n"
			     "TimeoutStopSec=5\n";

/*
 * Writes rootovl-cache.service to /run/systemd/system, its program, and the file RUN_CACHE for
 * copy_fill.c. The file has lines with the key, the ID, and "used" or "wanted". `used` means that
 * the copy is the lower of this boot, and that the service only checks it. Returns 0 or -errno.
 */
static int copy_leave(const char *key, const char *id, bool used)
{
	auto_free char *text = xasprintf("%s\n%s\n%s\n", key, id, used ? "used" : "wanted");
	int r = leave_file(RUN_DIR, CACHE_DIR, text);

	if (r == 0)
		r = leave_program();
	return r < 0 ? r : leave_unit("multi-user.target", "rootovl-cache.service", copier);
}

static int bind_copy(struct boot *boot, const struct step_lower *lower, struct failure *f)
{
	auto_free char *place = xasprintf("/proc/self/fd/%d", boot->copy.root);
	const char *init = boot->plan->settings.init;
	auto_close int fd = -1;
	int r = file_make_dirs(lower->at);

	if (r < 0)
		return fail(f, -r, NULL, "%s", strerror(-r));
	if (mount(place, lower->at, NULL, MS_BIND, NULL) < 0)
		return fail_errno(f, errno, NULL, "binding it to %s", lower->at);
	r = mount(NULL, lower->at, NULL,
		  MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOATIME | lower->flags, NULL);
	fd = r < 0 ? r : open(lower->at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = fd < 0 ? fail_errno(f, errno, NULL, "%s", lower->at) : check_is_root(fd, init, f);
	if (r < 0)
		unmount_quickly(lower->at);
	return r;
}

/* Mounts the copy as the lower. Returns false if that fails, and makes the copy invalid. */
static bool take_copy(struct boot *boot, const struct step_lower *lower)
{
	auto_failure struct failure f = { 0 };

	if (bind_copy(boot, lower, &f) < 0) {
		find_copy_warn(f.what);
		find_copy_drop(boot);
		return false;
	}
	boot->result->copy = true;
	report_set(boot->report, "lower", "copy", boot->copy.step->id);
	return true;
}

/* Makes one attempt to find a route to the server. Sends nothing to the server. */
static int attempt_way(struct boot *boot, const void *arg, struct failure *f)
{
	const struct step_lower *lower = arg;
	const struct root_source *source = lower->source;
	struct network_peer peer = { 0 };
	int r = network_way(source->address ? source->address : source->host, &peer, f);

	/* The network is kept only if the server's root would need it. */
	if (r == 0 && lower->port)
		memcpy(boot->local, peer.local, sizeof(boot->local));
	return r;
}

/*
 * Returns whether the copy was made from the mounted root. If that is unknown, the server's root is
 * used.
 */
static bool is_current(struct boot *boot)
{
	auto_free char *now = lower_identity(boot->copy.step->key, boot->lower);

	if (!now) {
		find_copy_warn(strerror(errno));
		return false;
	}
	if (strcmp(now, boot->copy.of) != 0) {
		find_copy_warn("the server's root has changed");
		find_copy_drop(boot);
		return false;
	}
	return true;
}

/* Mounts the copy or the server's root, as boot->copy.answer says. */
static int mount_either(struct boot *boot, const struct step_lower *lower, const char *name,
			struct failure *f)
{
	int r;

	if (boot->copy.answer == COPY_USE && take_copy(boot, lower)) {
		r = lower_retry(boot, attempt_way, lower, f);
		if (r < 0)
			failure_prefix(f, "the network for the root's copy");
		return r;
	}
	r = lower_mount(boot, lower, name, f);
	if (r < 0 || boot->copy.answer != COPY_ASK || !is_current(boot))
		return r;
	lower_unmount(boot, lower);
	return take_copy(boot, lower) ? 0 : lower_mount(boot, lower, name, f);
}

/* Installs the service that makes or checks the copy, if a copy is wanted. */
static void leave_service(struct boot *boot)
{
	const struct step_cache *cache = boot->copy.step;
	int r = cache ? copy_leave(cache->key, cache->id, boot->result->copy) : 0;

	if (r < 0)
		log_line(LOG_WARNING, "nobody will copy the root: %s", strerror(-r));
}

int step_mount_lower(struct boot *boot, const struct step *step, struct failure *f)
{
	const struct step_lower *lower = &step->lower;
	auto_free char *name = root_source_name(lower->source);
	int r;

	boot->deadline = clock_ms() + boot->plan->settings.timeout * 1000ull;
	r = mount_either(boot, lower, name, f);
	if (r == 0 && boot->result->copy) {
		/*
		 * Counted only now: otherwise all machines would drop their copies after an outage
		 * of the network.
		 */
		find_copy_count_try(boot);
		r = lower_open(boot, lower, name, f);
	}
	if (r == 0 && lower->verity)
		report_set(boot->report, "lower", "verity", lower->verity);
	if (r == 0)
		leave_service(boot);
	return r;
}

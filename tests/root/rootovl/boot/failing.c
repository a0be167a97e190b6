// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a boot that fails is made of, piece by piece, for failing.bats; in a mount namespace of its
 * own with a /run of its own.
 *
 *   failing supervise segv|kill|wait|0|1 [SECONDS]
 *                                          a child that mounts what a boot does, and then ends so;
 *                                          "wait" waits for a signal and says "waiting"; SECONDS:
 *                                          for so long its server may be silent
 *   failing again                          a second try, with no root to be had, on what is there
 *   failing note NUMBER                    notes that the root is on /dev/nbdNUMBER
 *   failing keep DEVICE STEP TEXT          keeps the report of a failed boot; prints the number
 *   failing report FILE                    leaves the report of a failed boot with the plan in FILE
 *   failing tell DIRECTORY                 the report of a good boot with that directory "rootovl"
 *   failing send URL ready|failed          posts the report that is there
 */
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/boot/assemble.h"
#include "src/rootovl/boot/failed_boots.h"
#include "src/rootovl/boot/report_send.h"
#include "src/rootovl/boot/supervise.h"
#include "src/rootovl/lower/nbd_root.h"
#include "src/rootovl/report/report_text.h"
#include "src/rootovl/settings/paths.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>

static int mount_and_end(void *arg)
{
	const char *how = arg;

	if (file_make_dirs(RUN_LOWER) < 0 || file_make_dirs(RUN_UPPER) < 0 ||
	    mount("lower", RUN_LOWER, "tmpfs", 0, NULL) < 0 ||
	    mount("upper", RUN_UPPER, "tmpfs", 0, NULL) < 0 || mkdir(RUN_UPPER "/rw", 0755) < 0 ||
	    mkdir(RUN_UPPER "/work", 0755) < 0 ||
	    mount("overlay", "sysroot", "overlay", 0,
		  "lowerdir=" RUN_LOWER ",upperdir=" RUN_UPPER "/rw,workdir=" RUN_UPPER
		  "/work") < 0)
		return 3;
	if (!strcmp(how, "segv")) {
		/* Not the sanitizer's: it would make an exit of it. */
		signal(SIGSEGV, SIG_DFL);
		raise(SIGSEGV);
	}
	if (!strcmp(how, "kill"))
		raise(SIGKILL);
	if (!strcmp(how, "wait")) {
		puts("waiting");
		fflush(stdout);
		pause();
	}
	return atoi(how);
}

static int again(void)
{
	struct report *report = report_new(0);
	struct settings settings = { 0 };
	auto_failure struct failure f = { 0 };
	int r = assemble_root(&settings, report, 0, &f);

	printf("%d %s\n", r, f.what ? f.what : "");
	report_free(report);
	return 0;
}

static int note(const char *number)
{
	const struct nbd_export export = { .size = 512, .block = 512 };
	int ends[2];

	if (file_make_dirs(RUN_DIR) < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return 1;
	return nbd_root_note(atoi(number), ends[0], NULL, &export) < 0 ? 1 : 0;
}

static int keep(const char *device, const char *step, const char *text)
{
	struct settings settings = { .upper = (char *)device };
	struct report *report = report_new(0);
	auto_failure struct failure f = { 0 };

	report_begin(report, step);
	fail(&f, 1, NULL, "%s", text);
	report_end(report, 0, &f);
	printf("%u\n", failed_boots_keep(&settings, report));
	report_free(report);
	return 0;
}

static int leave_report(const char *file)
{
	struct report *report = report_new(0);
	auto_failure struct failure f = { 0 };
	auto_free char *plan = NULL;

	if (file_read(AT_FDCWD, file, 65536, &plan) < 0 || file_make_dirs(RUN_DIR) < 0)
		return 1;
	report_set(report, NULL, "plan", plan);
	report_begin(report, "mount lower");
	fail(&f, 1, NULL, "cause");
	report_end(report, 0, &f);
	report_save(report, AT_FDCWD, RUN_REPORT, 0644, &f);
	report_free(report);
	return 0;
}

static int tell(const char *directory)
{
	auto_close int ours = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct report *report = report_new(0);

	failed_boots_tell(ours, report);
	report_end(report, 0, NULL);
	report_text(report->json, stdout);
	report_free(report);
	return 0;
}

int main(int argc, char **argv)
{
	auto_failure struct failure f = { 0 };
	int r;

	if (argc == 5 && !strcmp(argv[1], "keep"))
		return keep(argv[2], argv[3], argv[4]);
	if (argc == 2 && !strcmp(argv[1], "again"))
		return again();
	if (argc == 3 && !strcmp(argv[1], "note"))
		return note(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "tell"))
		return tell(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "report"))
		return leave_report(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "send")) {
		report_send(argv[2], !strcmp(argv[3], "failed"));
		return 0;
	}
	if (argc < 3 || strcmp(argv[1], "supervise") != 0)
		return 2;
	r = supervise(mount_and_end, argv[2], argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 60,
		      NULL, &f);
	printf("%d %s\n", r, f.what ? f.what : "");
	return 0;
}

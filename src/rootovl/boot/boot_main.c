// SPDX-License-Identifier: GPL-2.0-or-later
/* `rootovl boot`: what surrounds the plan's execution, from the command line to the last word. */
#include "src/rootovl/boot/boot.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/boot/boot_end.h"
#include "src/rootovl/boot/failed_boots.h"
#include "src/rootovl/boot/supervise.h"
#include "src/rootovl/lower/guard_leave.h"
#include "src/rootovl/machine/facts_read.h"
#include "src/rootovl/machine/unmount.h"
#include "src/rootovl/plan/plan_print.h"
#include "src/rootovl/settings/paths.h"
#include "src/rootovl/settings/root_mask.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <libmount/libmount.h>
#include <string.h>
#include <unistd.h>

#define CMDLINE_MAX  65536
#define SILENT_MIN_S 20 /* no lower counts as dead before that */

/* Adds a file of words; one that cannot be read becomes the failure if there is none yet. */
static int add_file(struct cmdline *cmdline, const char *path, const char *hint, struct failure *f)
{
	auto_free char *text = NULL;
	int r = file_read(AT_FDCWD, path, CMDLINE_MAX, &text);

	if (r == 0)
		cmdline_add(cmdline, text);
	else if (!f->code && r == -EILSEQ)
		return fail(f, EILSEQ, hint, "%s: there is a NUL in it: it is no text", path);
	else if (!f->code)
		return fail_errno(f, -r, hint, "%s", path);
	return r;
}

static void add_files(struct cmdline *cmdline, const char *pattern, struct failure *f)
{
	glob_t files;

	if (glob(pattern, 0, NULL, &files) != 0)
		return;
	for (size_t i = 0; i < files.gl_pathc; i++)
		add_file(cmdline, files.gl_pathv[i],
			 "words of the kernel line, 64 KiB at most; which initrd brings it?", f);
	globfree(&files);
}

int boot_read_cmdline(struct cmdline *cmdline, struct failure *f)
{
	add_files(cmdline, "/etc/cmdline.d/*.conf", f);
	add_files(cmdline, "/run/initramfs/cmdline.d/*.conf", f);
	add_file(cmdline, "/proc/cmdline", "is /proc mounted?", f);
	return -f->code;
}

/* By the words that could be read. */
static bool is_switched_on(const struct cmdline *cmdline)
{
	auto_failure struct failure f = { 0 };
	struct settings settings = { 0 };
	bool on;

	(void)settings_read(&settings, cmdline, &f);
	on = settings.enabled;
	settings_done(&settings);
	return on;
}

/* A machine that does not ask for us is not to fail by us. */
static int read_cmdline(struct cmdline *cmdline, struct failure *f)
{
	auto_free char *text = NULL;
	int r = boot_read_cmdline(cmdline, f);

	if (r == 0 || is_switched_on(cmdline))
		return r;
	text = log_failure_text(f);
	log_console(LOG_WARNING, "%s", text);
	failure_done(f);
	return 0;
}

/* What was asked, as it may be shown. */
static void report_cmdline(struct report *report, const struct cmdline *cmdline)
{
	auto_strv char **words = NULL;
	auto_free char *line = NULL;

	for (size_t i = 0; i < cmdline->n; i++) {
		const struct cmdline_word *word = &cmdline->words[i];
		bool secret = word->value && strcasestr(word->name, "pass");
		auto_free char *value = !word->value ? NULL
					: secret     ? xstrdup("***")
						     : root_mask(word->value);

		strv_add(&words,
			 value ? xasprintf("%s=%s", word->name, value) : xstrdup(word->name));
	}
	line = strv_join(words, " ");
	report_set(report, NULL, "cmdline", line);
}

static bool is_copy(const struct report *report)
{
	return json_object_get(json_object_get(report->json, "lower"), "copy");
}

static char *lower_name(const struct report *report, const struct plan *plan)
{
	auto_free char *name = root_source_name(&plan->settings.root);

	return is_copy(report) ? xasprintf("copy of %s", name) : STEAL(name);
}

/* What is mounted, in the kernel's words, which may differ from what was asked for. */
static void report_lower(struct report *report, const struct plan *plan)
{
	struct libmnt_table *table = mnt_new_table_from_file("/proc/self/mountinfo");
	auto_free char *name = lower_name(report, plan);
	struct libmnt_fs *fs =
		table ? mnt_table_find_target(table, RUN_LOWER, MNT_ITER_BACKWARD) : NULL;

	report_set(report, "lower", "what", name);
	if (fs) {
		report_set(report, "lower", "type", mnt_fs_get_fstype(fs));
		report_set(report, "lower", "options", mnt_fs_get_options(fs));
	}
	mnt_unref_table(table);
}

static int assemble(struct settings *settings, struct report *report, struct plan *plan,
		    struct failure *f)
{
	struct facts facts = { 0 };
	auto_free char *text = NULL;
	size_t len;
	FILE *out;
	uint64_t start = clock_ms();
	bool dhcp = settings->root.kind == ROOT_DHCP;
	int r = facts_read(&facts, settings, false, f);

	if (dhcp)
		report_step(report, "ask DHCP", "root path", start, clock_ms() - start,
			    r < 0 ? "failed" : "done");
	if (r == 0)
		r = plan_build(plan, settings, &facts, f);
	if (r == 0) {
		report_set(report, NULL, "kernel", facts.kernel);
		out = open_memstream(&text, &len);
		if (out) {
			plan_print(plan, out);
			fclose(out);
			report_set(report, NULL, "plan", text);
			log_line(LOG_INFO, "the plan:\n%s", text);
		}
		r = boot_execute(plan, report, f);
	}
	if (r == 0)
		report_lower(report, plan);
	facts_done(&facts);
	return r;
}

static void say_ready(const struct report *report, const struct plan *plan)
{
	const json_t *json = report->json;
	const json_t *payload = json_object_get(json, "payload");
	const json_t *units = json_object_get(json, "units");
	auto_free char *lower = lower_name(report, plan);
	auto_strv char **names = NULL;
	auto_free char *enabled = NULL;
	const json_t *unit;
	size_t i;

	json_array_foreach (units, i, unit)
		strv_add(&names, xstrdup(json_string_value(unit)));
	enabled = names ? strv_join(names, ", ") : xstrdup("no unit enabled");
	log_console(LOG_NOTICE, "root ready in %.1f s: %s ro + %s %.1fG, %lld files %.1f MiB, %s",
		    (double)json_integer_value(json_object_get(json, "length_ms")) / 1000, lower,
		    json_string_value(json_object_get(json_object_get(json, "upper"), "what")),
		    (double)json_integer_value(
			    json_object_get(json_object_get(json, "upper"), "bytes")) /
			    (1 << 30),
		    json_integer_value(json_object_get(payload, "files")),
		    (double)json_integer_value(json_object_get(payload, "bytes")) / (1 << 20),
		    enabled);
}

/* A lower of the network can die; what is on an image on a share asks no server by statfs(2). */
static void leave_guards(const struct report *report, const struct plan *plan)
{
	const struct root_source *root = &plan->settings.root;
	bool folder = root->kind == ROOT_CIFS || root->kind == ROOT_NFS;
	int r = 0;

	if (is_copy(report))
		return;
	if ((folder && !root_source_is_image(root)) || root->kind == ROOT_NBD)
		r = guard_leave();
	if (r < 0)
		log_line(LOG_WARNING, "a dead server may hold up the reboot: %s", strerror(-r));
}

/* dracut 059 has its hooks in the first place, 106 in the second. */
static bool has_dracut_scripts(void)
{
	return access("/usr/lib/dracut/hooks", F_OK) == 0 ||
	       access("/var/lib/dracut/hooks", F_OK) == 0;
}

/* What the process that assembles the root works on. */
struct task {
	struct settings *settings;
	struct report *report;
};

/* On a disk that outlives the boot: were there boots before this one that failed? */
static void tell_of_failed_boots(struct report *report)
{
	auto_close int ours =
		open(RUN_DISK "/" DISK_OURS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (ours >= 0)
		failed_boots_tell(ours, report);
}

/* The child of supervise(). A failure is left in the report in /run. */
static int assemble_in_child(void *arg)
{
	struct task *task = arg;
	auto_failure struct failure f = { 0 };
	struct plan plan = { 0 };
	int r;

	task->report->path = RUN_REPORT;
	file_make_dirs(RUN_DIR);
	r = assemble(task->settings, task->report, &plan, &f);
	if (r == 0)
		tell_of_failed_boots(task->report);
	report_end(task->report, clock_ms(), r < 0 ? &f : NULL);
	boot_save_report(task->report);
	if (r == 0) {
		leave_guards(task->report, &plan);
		say_ready(task->report, &plan);
	}
	plan_done(&plan);
	return r < 0 ? 1 : 0;
}

/* What the child noted of the boot, and the failure in it where the child told one. */
static void take_over_report(struct report *report, struct failure *f)
{
	auto_failure struct failure unread = { 0 };
	const json_t *failure;
	const char *what, *hint;
	json_t *json;

	if (report_load(RUN_REPORT, &json, &unread) < 0) {
		if (!f->code)
			fail(f, EIO, "is /run full?", "%s", unread.what);
		return;
	}
	json_decref(report->json);
	report->json = json;
	failure = json_object_get(json, "failure");
	what = json_string_value(json_object_get(failure, "what"));
	hint = json_string_value(json_object_get(failure, "hint"));
	if (!f->code && what)
		fail(f, (int)json_integer_value(json_object_get(failure, "errno")),
		     hint && *hint ? hint : NULL, "%s", what);
	if (!f->code)
		fail(f, EIO, "see the journal", "the report does not say what failed");
}

static int boot_with(const struct cmdline *cmdline, struct settings *settings,
		     struct report *report, struct failure *f)
{
	struct task task = { settings, report };
	unsigned silent_s;
	int r = settings_read(settings, cmdline, f);

	if (r == 0 && !settings->enabled && !has_dracut_scripts())
		log_console(LOG_WARNING, "not switched on, and nothing else in this image makes a "
					 "root: put rootovl on the kernel line");
	if (r < 0 || !settings->enabled)
		return r;
	silent_s = settings->timeout > SILENT_MIN_S ? settings->timeout : SILENT_MIN_S;
	r = supervise(assemble_in_child, &task, silent_s, f);
	if (r != 0)
		take_over_report(report, f);
	return r;
}

static int run_boot(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	struct cmdline cmdline = { 0 };
	struct settings settings = { 0 };
	struct report *report;
	int r;

	(void)line;
	/* systemd's own test of where it runs; on a running system this would unmount its root. */
	if (access("/etc/initrd-release", F_OK) < 0) {
		fail(&f, EINVAL, NULL,
		     "boot: this is not an initramfs (no /etc/initrd-release); `rootovl plan` "
		     "shows what would be done");
		return command_failed(&f);
	}
	report = report_new(clock_ms());
	r = read_cmdline(&cmdline, &f);
	report_cmdline(report, &cmdline);
	if (r == 0)
		r = boot_with(&cmdline, &settings, report, &f);
	if (r != 0) {
		/* Who stopped us has plans of his own. */
		bool stopped = f.code == ECANCELED;

		boot_end_failed(&settings, stopped ? ONFAIL_SHELL : settings_onfail(&cmdline),
				report, &f);
	}
	settings_done(&settings);
	report_free(report);
	cmdline_done(&cmdline);
	return r != 0 ? 1 : 0;
}

const struct command command_boot = {
	.name = "boot",
	.meaning = "assemble the root (in the initramfs)",
	.synopsis = "",
	.about = "Assembles the root on /sysroot as the kernel command line asks. Only in an "
		 "initramfs.",
	.exits = "Exit status: 0 the root is ready, or rootovl is not switched on; 1 failed; 2 "
		 "wrong usage.",
	.run = run_boot,
};

/* As rootovl.service's ExecStopPost=; the variable is in systemd.exec(5). */
static int run_undo(const struct command_line *line)
{
	const char *result = getenv("SERVICE_RESULT");
	auto_failure struct failure f = { 0 }, unread = { 0 };
	struct cmdline cmdline = { 0 };
	struct settings settings = { 0 };
	struct report *report;

	(void)line;
	/* "exit-code": it ended by itself, and has said and done all. */
	if (!result || !strcmp(result, "success") || !strcmp(result, "exit-code"))
		return 0;
	unmount_ours();
	report = report_new(clock_ms());
	fail(&f, ECHILD, "see the journal, and the kernel's log", "rootovl was killed (%s)",
	     result);
	take_over_report(report, &f);
	(void)boot_read_cmdline(&cmdline, &unread);
	(void)settings_read(&settings, &cmdline, &unread);
	boot_end_failed(&settings, settings_onfail(&cmdline), report, &f);
	settings_done(&settings);
	report_free(report);
	cmdline_done(&cmdline);
	return 0;
}

const struct command command_undo = {
	.name = "undo",
	.meaning = "for rootovl.service: clean up after a boot that was killed",
	.synopsis = "",
	.about = "For rootovl.service alone: does what `rootovl boot` left undone where it was "
		 "killed.",
	.exits = "Exit status: 0 done, 2 wrong usage.",
	.run = run_undo,
};

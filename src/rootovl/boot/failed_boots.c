// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/boot/failed_boots.h"

#include "src/common/files.h"
#include "src/common/json.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"
#include "src/common/pause.h"
#include "src/rootovl/disk/disk_dirs.h"
#include "src/rootovl/disk/disk_volume.h"
#include "src/rootovl/disk/upper_disk.h"
#include "src/rootovl/report/report_files.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>

#define FIRST_S	   10
#define LAST_S	   600
#define UNKNOWN_S  30 /* the random part, in addition to FIRST_S */
#define REPORT_MAX (1 << 20)
#define NAME_FORM  "%u.json"

unsigned failed_boots_delay_s(unsigned failed, unsigned chance)
{
	unsigned base = pause_doubled(failed, FIRST_S, LAST_S);

	if (failed == 0)
		return FIRST_S + chance % (UNKNOWN_S + 1);
	return base + chance % (base / 2 + 1);
}

/* Returns the number in the name of a report; 0 if the name has none. */
static unsigned number_of(const char *name)
{
	unsigned long number = strtoul(name, NULL, 10);
	auto_free char *again = xasprintf(NAME_FORM, (unsigned)number);

	return number < UINT_MAX && !strcmp(again, name) ? (unsigned)number : 0;
}

/*
 * Returns the highest number in the directory, and removes the oldest reports to leave room for one
 * more.
 */
static unsigned last_of(int dir)
{
	auto_dir DIR *list = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	unsigned last = 0;
	struct dirent *entry;

	while (list && (entry = readdir(list)))
		if (number_of(entry->d_name) > last)
			last = number_of(entry->d_name);
	if (list)
		rewinddir(list);
	while (list && (entry = readdir(list))) {
		unsigned number = number_of(entry->d_name);

		if (number && last - number + 1 >= FAILED_BOOTS_KEPT) {
			auto_free char *name = xasprintf("%u", number);

			report_files_remove(dir, name);
		}
	}
	return last;
}

static int keep_in(int ours, const struct report *report, unsigned *ret, struct failure *f)
{
	auto_close int dir = disk_dirs_enter(ours, "failed");
	auto_free char *name = NULL, *json = NULL;
	auto_failure struct failure shown = { 0 };
	int r;

	if (dir < 0)
		return fail_errno(f, -dir, NULL, "failed");
	*ret = last_of(dir) + 1;
	name = xasprintf("%u", *ret);
	json = xasprintf(NAME_FORM, *ret);
	r = report_save(report, dir, json, 0600, f);
	/* The JSON file counts the boot, so it is written first. */
	if (r == 0 && report_files_show(report, dir, name, 0600, &shown) < 0)
		log_line(LOG_WARNING, "the report is kept as JSON alone: %s", shown.what);
	if (r == 0 && syncfs(dir) < 0)
		r = fail_errno(f, errno, NULL, "failed");
	return r;
}

unsigned failed_boots_keep(const struct settings *settings, const struct report *report)
{
	auto_failure struct failure f = { 0 };
	const char *device = settings->disks ? DISKS_VOLUME : settings->upper;
	auto_close int ours = -1;
	unsigned number = 0;
	int r = 0;

	if (!device)
		return 0;
	if (settings->disks)
		r = disk_volume_open(&f);
	if (r == 0)
		r = upper_visit_disk(device, &ours, &f);
	if (r == 0) {
		r = keep_in(ours, report, &number, &f);
		close(steal_fd(&ours));
		umount2(RUN_DISK, MNT_DETACH);
	}
	if (r < 0)
		log_line(LOG_WARNING, "the report is not kept on the disk: %s", f.what);
	return r < 0 ? 0 : number;
}

/* "mount lower: cifs //srv/os: no such share" */
static char *what_failed(int dir, unsigned number)
{
	auto_free char *name = xasprintf(NAME_FORM, number);
	auto_free char *text = NULL;
	auto_json json_t *json = NULL;
	const json_t *failure;
	const char *step, *what;

	if (file_read(dir, name, REPORT_MAX, &text) == 0)
		json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	failure = json_object_get(json, "failure");
	step = json_string_value(json_object_get(failure, "step"));
	what = json_string_value(json_object_get(failure, "what"));
	/* The root of that boot could write to the file, so control characters are removed. */
	return step && what ? one_line(xasprintf("%s: %s", step, what)) : xstrdup("not known");
}

void failed_boots_tell(int ours, struct report *report)
{
	auto_close int dir =
		openat(ours, "failed", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	unsigned last = dir < 0 ? 0 : last_of(dir);
	auto_free char *told = NULL;
	int r;

	if (!last)
		return;
	told = what_failed(dir, last);
	report_set_number(report, "before", "failed", last);
	report_set(report, "before", "last", told);
	log_line(LOG_NOTICE, "failed boots before this one: %u; the last: %s", last, told);
	r = disk_dirs_set_aside(ours, ours, "failed-before", NULL);
	if (r == 0 && renameat(ours, "failed", ours, "failed-before") < 0)
		r = -errno;
	if (r < 0)
		log_line(LOG_WARNING, "the reports of failed boots stay where they are: %s",
			 strerror(-r));
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/disk/lvm.h"

#include "src/common/files.h"
#include "src/common/json.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "src/rootovl/disk/disks.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

#define OUTPUT_MAX (4 * 1024 * 1024)

/*
 * Makes lvm run without udev, daemons, a list of devices, and backups of the metadata below /etc.
 */
static const char config[] = "activation{udev_sync=0 udev_rules=0 monitoring=0} "
			     "devices{use_devicesfile=0 obtain_device_list_from_udev=0} "
			     "global{use_lvmpolld=0 event_activation=0} backup{backup=0 archive=0}";

/* Messages of lvm go to standard error, so that they are not mixed with the lines of a report. */
static const char *const environment[] = { "LC_ALL=C", "LVM_SUPPRESS_FD_WARNINGS=1", "LVM_OUT_FD=2",
					   "LVM_REPORT_FD=1", NULL };

static int read_back(int fd, char **ret, struct failure *f)
{
	size_t len;
	int r;

	lseek(fd, 0, SEEK_SET);
	r = file_read_fd(fd, OUTPUT_MAX, ret, &len);
	return r < 0 ? fail_errno(f, -r, NULL, "the output of a program") : 0;
}

/*
 * Returns the last useful line inside the text; NULL if there is none. The advice to read the help
 * is skipped.
 */
static const char *last_line(char *text)
{
	const char *last = NULL;
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		line += strspn(line, " \t");
		if (!strncmp(line, "Usage:", 6))
			break;
		if (*line && strncmp(line, "Run `", 5) != 0)
			last = line;
	}
	return last;
}

/* Returns the name of a command for failures: "lvm pvcreate". */
static char *command_name(const char *const *argv)
{
	bool has_command = !strcmp(argv[0], "lvm") && argv[1];

	return has_command ? xasprintf("lvm %s", argv[1]) : xstrdup(argv[0]);
}

int tool_run(const char *const *argv, char **ret_output, struct failure *f)
{
	auto_close int output = memfd_create("output", MFD_CLOEXEC);
	auto_close int errors = memfd_create("errors", MFD_CLOEXEC);
	auto_free char *said = NULL, *name = command_name(argv);
	const struct program program = {
		.argv = argv, .env = environment, .output = output, .errors = errors
	};
	const char *line;
	int status, r;

	if (output < 0 || errors < 0)
		return fail_errno(f, errno, NULL, "%s", name);
	status = program_run(&program, NULL, f);
	if (status == -ENOENT)
		return fail(f, ENOENT, "build the image again: " REBUILD_WITH_DISKS,
			    "%s: the image lacks the program", argv[0]);
	if (status < 0)
		return status;
	r = read_back(errors, &said, f);
	if (r < 0)
		return r;
	line = last_line(said);
	if (status != 0 && !line)
		return fail(f, EIO, NULL, "%s: it ended with %d and said nothing", name, status);
	if (status != 0)
		return fail(f, EIO, NULL, "%s: %s", name, line);
	return ret_output ? read_back(output, ret_output, f) : 0;
}

/*
 * Returns "lvm COMMAND[0] --config … COMMAND[1…] MORE…". The caller owns the list, but not its
 * strings.
 */
static const char **lvm_argv(const char *const *command, const char *const *more)
{
	const char **argv;
	size_t n = 0, m = 0, at = 0;

	while (command[n])
		n++;
	while (more[m])
		m++;
	argv = xcalloc(n + m + 4, sizeof(*argv));
	argv[at++] = "lvm";
	argv[at++] = command[0];
	argv[at++] = "--config";
	argv[at++] = config;
	for (size_t i = 1; i < n; i++)
		argv[at++] = command[i];
	for (size_t i = 0; i < m; i++)
		argv[at++] = more[i];
	return argv;
}

int lvm_run(const char *const *command, struct failure *f)
{
	static const char *const no_more[] = { NULL };
	auto_free const char **argv = lvm_argv(command, no_more);

	return tool_run(argv, NULL, f);
}

/* Returns the rows of a report, a JSON array owned by the caller. `kind` is "pv", "vg" or "lv". */
static int lvm_report(const char *const *command, const char *kind, json_t **ret, struct failure *f)
{
	static const char *const form[] = { "--readonly", "--reportformat", "json", "--units",
					    "b",	  "--nosuffix",	    NULL };
	auto_free const char **argv = lvm_argv(command, form);
	auto_free char *text = NULL;
	auto_json json_t *root = NULL;
	json_t *rows;
	int r = tool_run(argv, &text, f);

	if (r < 0)
		return r;
	root = json_loads(text, 0, NULL);
	rows = json_object_get(json_array_get(json_object_get(root, "report"), 0), kind);
	if (!json_is_array(rows))
		return fail(f, EPROTO, NULL, "lvm %s: it wrote no report that can be read",
			    command[0]);
	*ret = json_incref(rows);
	return 0;
}

static const char *row_text(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text ? text : "";
}

static uint64_t row_number(const json_t *row, const char *name)
{
	return strtoumax(row_text(row, name), NULL, 10);
}

/*
 * Returns the group in the only row of a report about a physical volume; NULL if there is no group
 * or no row.
 */
static int report_group(const char *const *command, char **ret, struct failure *f)
{
	const char *name;
	auto_json json_t *rows = NULL;
	int r = lvm_report(command, "pv", &rows, f);

	if (r < 0)
		return r;
	name = row_text(json_array_get(rows, 0), "vg_name");
	*ret = json_array_size(rows) && strcmp(name, "[unknown]") != 0 ? xstrdup(name) : NULL;
	return 0;
}

int lvm_group_of(const char *device, char **ret, struct failure *f)
{
	auto_free char *selection = xasprintf("pv_name=%s", device);
	const char *const alone[] = { "pvs", "--devices", device, "-o", "pv_name,vg_name", NULL };
	const char *const among_all[] = { "pvs", "-S", selection, "-o", "pv_name,vg_name", NULL };
	auto_free char *group = NULL, *told = NULL;
	int r = report_group(alone, &group, f);

	if (r == 0 && (!group || !*group))
		r = report_group(among_all, &told, f);
	if (r == 0)
		*ret = told && *told ? STEAL(told) : STEAL(group);
	return r;
}

int lvm_group_look(struct lvm_group *ret, struct failure *f)
{
	static const char *const command[] = {
		"vgs", "-S", "vg_name=" DISKS_GROUP, "-o", "vg_size,vg_free,vg_extent_size", NULL
	};
	const json_t *row;
	auto_json json_t *rows = NULL;
	int r = lvm_report(command, "vg", &rows, f);

	*ret = (struct lvm_group){ 0 };
	if (r < 0)
		return r;
	row = json_array_get(rows, 0);
	ret->n = (unsigned)json_array_size(rows);
	ret->size = row_number(row, "vg_size");
	ret->free = row_number(row, "vg_free");
	ret->extent = row_number(row, "vg_extent_size");
	return 0;
}

int lvm_volume_look(const char *name, struct lvm_volume *ret, struct failure *f)
{
	auto_free char *selection = xasprintf("vg_name=" DISKS_GROUP " && lv_name=\"%s\"", name);
	const char *const command[] = { "lvs", "-S", selection, "-o", "lv_size", NULL };
	auto_json json_t *rows = NULL;
	int r = lvm_report(command, "lv", &rows, f);

	*ret = (struct lvm_volume){ 0 };
	if (r < 0)
		return r;
	ret->exists = json_array_size(rows) > 0;
	ret->size = row_number(json_array_get(rows, 0), "lv_size");
	return 0;
}

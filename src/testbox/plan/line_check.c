// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/line_check.h"

#include "src/common/mem.h"
#include "src/rootovl/plan/plan.h"
#include "src/rootovl/settings/values.h"
#include "src/rootovl/settings/way.h"
#include "src/testbox/plan/boot_script.h"
#include "src/testbox/plan/disk_keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * Could a machine with this many disks have the device? Its disks are /dev/vdX, with the serial
 * numbers disk-1, disk-2, …; labels and volumes are of what is on them.
 */
static bool may_have(size_t disks, const char *device)
{
	static const char by_id[] = "/dev/disk/by-id/", serial[] = "virtio-disk-";
	static const char *const foreign[] = { "/dev/sd", "/dev/hd", "/dev/nvme", "/dev/xvd",
					       "/dev/mmcblk" };
	unsigned number = disk_keys_number(device);

	if (number)
		return number <= disks;
	if (!strncmp(device, by_id, strlen(by_id))) {
		device += strlen(by_id);
		if (strncmp(device, serial, strlen(serial)) != 0)
			return false;
		return strtoul(device + strlen(serial), NULL, 10) - 1 < disks;
	}
	for (size_t i = 0; i < ARRAY_SIZE(foreign); i++)
		if (!strncmp(device, foreign[i], strlen(foreign[i])))
			return false;
	return true;
}

static int check_device(const char *parameter, const char *device, size_t disks, struct failure *f)
{
	auto_free char *last = disks > 1 ? xasprintf(" to /dev/vd%c", 'a' + (int)disks - 1) : NULL;

	if (!device || may_have(disks, device))
		return 0;
	return fail(f, ENODEV,
		    "give it disks: rootfs_disk, hdd_partitions or disks in the host file, "
		    "# nr_disk= in the script",
		    "%s=%s: the machine has no such disk: it has %s%s", parameter, device,
		    disks ? "/dev/vda" : "none", last ? last : "");
}

static int check_devices(const struct settings *settings, size_t disks, struct failure *f)
{
	const char *root = settings->root.kind == ROOT_DEVICE ? settings->root.path : NULL;
	int r = 0;

	for (char **device = settings->disks; r == 0 && device && *device; device++)
		r = check_device("rootfs_disk", *device, disks, f);
	if (r == 0)
		r = check_device("rootovl.upper", settings->upper, disks, f);
	return r == 0 ? check_device("root", root, disks, f) : r;
}

/* The facts are the machine's: without them a plan has all that its line says. */
static int check_plan(const struct line_image *image, const struct cmdline *line, size_t disks,
		      struct failure *f)
{
	const struct facts unknown = { 0 };
	struct settings settings = { 0 };
	struct plan plan = { 0 };
	int r = settings_read(&settings, line, f);

	if (r == 0 && !settings.enabled && image->alone)
		r = fail(f, EINVAL, "put rootovl on it",
			 "rootovl is not switched on, and nothing else in the image makes a root");
	if (r == 0 && settings.enabled && image->short_only)
		r = way_check_without_systemd(&settings, f);
	if (r == 0 && settings.enabled)
		r = check_devices(&settings, disks, f);
	if (r == 0 && settings.enabled)
		r = plan_build(&plan, &settings, &unknown, f);
	plan_done(&plan);
	settings_done(&settings);
	if (r < 0)
		failure_prefix(f, "kernel line");
	return r;
}

/* Compass-CI's scheduler says rootfs_disk= to machines whose initramfs does without. */
static char *foreign_warning(const struct cmdline *line, size_t disks)
{
	const char *value = cmdline_value(line, "rootfs_disk");
	auto_failure struct failure f = { 0 };
	auto_strv char **devices = NULL;
	int r = 0;

	if (!value || value_devices(value, &devices) < 0)
		return NULL;
	for (size_t i = 0; r == 0 && devices[i]; i++)
		r = check_device("rootfs_disk", devices[i], disks, &f);
	return r < 0 ? xasprintf("kernel line: %s", f.what) : NULL;
}

static bool runs_ours(const struct line_image *image, const struct cmdline *line)
{
	const char *rdinit = cmdline_value(line, "rdinit");

	return image->ours && (!rdinit || !strcmp(rdinit, "/init"));
}

bool line_check_is_ours(const struct line_image *image, const struct cmdline *line)
{
	auto_failure struct failure ignored = { 0 };
	struct settings settings = { 0 };
	bool ours;

	(void)settings_read(&settings, line, &ignored);
	ours = settings.enabled && runs_ours(image, line);
	settings_done(&settings);
	return ours;
}

int line_check(const struct line_image *image, const struct host *host, const char *args,
	       char **ret_warning, struct failure *f)
{
	const char *hardware = host->cmdline ? host->cmdline : "";
	size_t length = strlen(hardware) + strlen(args) + 1;
	struct cmdline line = { 0 };
	int r = 0;

	*ret_warning = NULL;
	if (length > KERNEL_LINE_MAX)
		return fail(f, E2BIG, "shorten kernel_cmdline_hw of the host file, or the script's",
			    "kernel line: it has %zu bytes, and the kernel reads %d", length,
			    KERNEL_LINE_MAX);
	cmdline_add(&line, hardware);
	cmdline_add(&line, args);
	if (runs_ours(image, &line))
		r = check_plan(image, &line, host->n_disks, f);
	else
		*ret_warning = foreign_warning(&line, host->n_disks);
	cmdline_done(&line);
	if (r < 0 && image->words) {
		*ret_warning = xasprintf("%s; /etc/cmdline.d of an initrd may mend it", f->what);
		return 0;
	}
	return r;
}

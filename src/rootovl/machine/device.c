// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/device.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/machine/events.h"

#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define RETRY_MS       250   /* between two searches, if no event comes earlier */
#define PROGRESS_MS    10000 /* between two progress lines on the console */
#define PARTITIONS_MAX (1024 * 1024)
#define KERNEL_EVENTS  1 /* the kernel's own uevents; group 2 has those of udev */

/* Maps each kind of tag to the name that libblkid has for its value. */
static const struct tag {
	const char *name;
	const char *value;
	bool any_case; /* for UUIDs */
} tags[] = {
	{ "LABEL=", "LABEL", false },
	{ "UUID=", "UUID", true },
	{ "PARTLABEL=", "PART_ENTRY_NAME", false },
	{ "PARTUUID=", "PART_ENTRY_UUID", true },
};

static const struct tag *find_tag(const char *spec)
{
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (!strncmp(spec, tags[i].name, strlen(tags[i].name)))
			return &tags[i];
	return NULL;
}

/* Returns the names of all block devices of the kernel; owned by the caller. */
static char **all_devices(void)
{
	auto_free char *text = NULL;
	auto_strv char **lines = NULL;
	char **names = NULL;

	if (file_read(AT_FDCWD, "/proc/partitions", PARTITIONS_MAX, &text) < 0)
		return NULL;
	lines = strv_split(text, "\n");
	/* The first line is the heading: "major minor  #blocks  name". */
	for (size_t i = 1; lines && lines[0] && lines[i]; i++) {
		const char *name = strrchr(lines[i], ' ');
		char *slash;

		if (!name)
			continue;
		strv_add(&names, xasprintf("/dev/%s", name + 1));
		for (slash = names[strv_len(names) - 1] + 5; (slash = strchr(slash, '!'));)
			*slash = '/';
	}
	return names;
}

/*
 * Returns whether the contents of the device have the tag. A device that cannot be read has no tag.
 */
static bool device_has(const char *device, const struct tag *tag, const char *wanted)
{
	blkid_probe probe = blkid_new_probe_from_filename(device);
	const char *value = NULL;
	bool has = false;

	if (!probe)
		return false;
	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID |
							 BLKID_SUBLKS_TYPE);
	blkid_probe_enable_partitions(probe, 1);
	blkid_probe_set_partitions_flags(probe, BLKID_PARTS_ENTRY_DETAILS);
	if (blkid_do_safeprobe(probe) == 0 &&
	    blkid_probe_lookup_value(probe, tag->value, &value, NULL) == 0)
		has = tag->any_case ? !strcasecmp(value, wanted) : !strcmp(value, wanted);
	blkid_free_probe(probe);
	return has;
}

static int look_for_tag(const char *spec, const struct tag *tag, char **ret, struct failure *f)
{
	auto_strv char **devices = all_devices();
	auto_free char *found = NULL;

	for (size_t i = 0; devices && devices[i]; i++) {
		if (!device_has(devices[i], tag, spec + strlen(tag->name)))
			continue;
		if (found)
			return fail(f, ENOTUNIQ, "name the device itself, or change one of them",
				    "%s: both %s and %s have it", spec, found, devices[i]);
		found = xstrdup(devices[i]);
	}
	*ret = STEAL(found);
	return *ret ? 0 : -ENODEV;
}

static int look_for_path(const char *spec, char **ret, struct failure *f)
{
	struct stat st;
	char *path = realpath(spec, NULL);

	if (!path)
		return -ENODEV;
	if (stat(path, &st) == 0 && S_ISBLK(st.st_mode)) {
		*ret = path;
		return 0;
	}
	free(path);
	return fail(f, ENOTBLK, "name a disk or a partition", "%s: it is no block device", spec);
}

static int fail_missing(const char *spec, uint64_t waited_ms, struct failure *f)
{
	auto_strv char **devices = all_devices();
	auto_free char *list = devices ? strv_join(devices, " ") : xstrdup("none");
	auto_free char *hint =
		xasprintf("check the name, the cable and the driver; there are: %s", list);

	return fail(f, ENODEV, hint, "no device %s within %u s", spec,
		    (unsigned)((waited_ms + 500) / 1000));
}

int device_find(const char *spec, uint64_t deadline_ms, char **ret, struct failure *f)
{
	auto_close int events = events_listen(NETLINK_KOBJECT_UEVENT, KERNEL_EVENTS);
	const struct tag *tag = find_tag(spec);
	uint64_t start = clock_ms(), said = start;

	if (!tag && strncmp(spec, "/dev/", 5) != 0)
		return fail(f, EINVAL, "use /dev/…, LABEL=, UUID=, PARTLABEL= or PARTUUID=",
			    "%s: it names no device", spec);
	for (;;) {
		int r = tag ? look_for_tag(spec, tag, ret, f) : look_for_path(spec, ret, f);
		uint64_t now = clock_ms(), left;

		if (r != -ENODEV)
			return r;
		if (now >= deadline_ms)
			return fail_missing(spec, now - start, f);
		if (now - said >= PROGRESS_MS) {
			said = now;
			log_console(LOG_NOTICE, "waiting for device %s (%llu of %llu s)", spec,
				    (unsigned long long)(now - start) / 1000,
				    (unsigned long long)(deadline_ms - start + 500) / 1000);
		}
		left = deadline_ms - now;
		events_wait(events, left < RETRY_MS ? (unsigned)left : RETRY_MS);
	}
}

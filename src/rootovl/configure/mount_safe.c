// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/mount_safe.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/fstab_field.h"

#include <string.h>

/*
 * The timeout starts before the root's udevd scans disks. A disk that exists is found sooner.
 * During that time only the mount itself waits.
 */
#define DEVICE_TIMEOUT "x-systemd.device-timeout"
#define DEVICE_SECONDS "30s"

/* By these something waits for the mount, or fails with it, which the job may need. */
static const char *const waits[] = {
	"x-initrd.mount",
	"x-systemd.required-by",
	"x-systemd.wanted-by",
	"x-systemd.before",
};

/* quotacheck(8) comes before local-fs.target, and after the mounts that have quotas. */
static const char *const quotas[] = {
	"quota", "usrquota", "grpquota", "prjquota", "usrjquota", "grpjquota", "jqfmt",
};

/* Returns whether an option is a timeout without an end. */
static bool is_endless(const char *option, size_t len)
{
	auto_free char *text = xstrndup(option, len);

	return IS_ONE_OF(text, DEVICE_TIMEOUT "=infinity", DEVICE_TIMEOUT "=0", DEVICE_TIMEOUT "=",
			 DEVICE_TIMEOUT);
}

static bool is_unwanted(enum mount_kind kind, const char *option, size_t len)
{
	if (kind != MOUNT_DISK && kind != MOUNT_NETWORK)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(waits); i++)
		if (fstab_field_is_option(option, len, waits[i]))
			return true;
	for (size_t i = 0; kind == MOUNT_DISK && i < ARRAY_SIZE(quotas); i++)
		if (fstab_field_is_option(option, len, quotas[i]))
			return true;
	return kind == MOUNT_DISK && is_endless(option, len);
}

/* The options without those that something waits by. */
static char *wanted_options(enum mount_kind kind, const char *options)
{
	char *wanted = xcalloc(strlen(options) + 1, 1), *end = wanted;
	bool all = true;

	for (const char *c = options; *c; c += c[0] == ',') {
		size_t len = strcspn(c, ",");

		if (is_unwanted(kind, c, len))
			all = false;
		else
			end += sprintf(end, "%s%.*s", end == wanted ? "" : ",", (int)len, c);
		c += len;
	}
	return all ? strcpy(wanted, options) : wanted;
}

char *mount_safe_options(enum mount_kind kind, const char *options)
{
	bool automatic = !fstab_field_has(options, "noauto");
	bool nofail = automatic && !fstab_field_has(options, "nofail");
	auto_free char *wanted = wanted_options(kind, options);
	bool timeout = automatic && kind == MOUNT_DISK && !fstab_field_has(wanted, DEVICE_TIMEOUT);
	auto_free char *safe =
		xasprintf("%s%s%s", *wanted ? wanted : "defaults", nofail ? ",nofail" : "",
			  timeout ? "," DEVICE_TIMEOUT "=" DEVICE_SECONDS : "");

	return strcmp(safe, options) == 0 ? NULL : STEAL(safe);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/mount_kind.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/fstab_field.h"

#include <string.h>

static bool is_kernel_type(const char *type)
{
	return IS_ONE_OF(type, "autofs", "binder", "binfmt_misc", "bpf", "cgroup", "cgroup2",
			 "configfs", "cpuset", "debugfs", "devpts", "devtmpfs", "efivarfs",
			 "functionfs", "fusectl", "hugetlbfs", "mqueue", "nfsd", "overlay", "proc",
			 "pstore", "ramfs", "resctrl", "rpc_pipefs", "securityfs", "selinuxfs",
			 "smackfs", "sysfs", "tmpfs", "tracefs", "usbfs");
}

static bool is_disk(const char *source, const char *type)
{
	static const char *const tags[] = { "UUID=",	  "LABEL=", "PARTUUID=",
					    "PARTLABEL=", "ID=",    "/dev/" };

	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (strncmp(source, tags[i], strlen(tags[i])) == 0)
			return true;
	/* Pools by their name, and flash by its number. */
	return IS_ONE_OF(type, "zfs", "ubifs", "jffs2");
}

enum mount_kind mount_kind_of(const char *source, const char *dir, const char *type,
			      const char *options)
{
	if (strcmp(type, "swap") == 0 || strcmp(dir, "swap") == 0)
		return MOUNT_SWAP;
	if (fstab_field_has(options, "bind") || fstab_field_has(options, "rbind"))
		return MOUNT_OWN;
	if (is_kernel_type(type) || strcmp(dir, "none") == 0)
		return MOUNT_KERNEL;
	if (is_disk(source, type))
		return MOUNT_DISK;
	/* "//host/share" is no file. */
	if (source[0] == '/' && source[1] != '/' && !fstab_field_has(options, "_netdev"))
		return MOUNT_OWN;
	return MOUNT_NETWORK;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/mount_options.h"

#include "src/common/mem.h"

#include <libmount/libmount.h>
#include <sys/mount.h>

int mount_options_split(const char *options, unsigned long *ret_flags, char **ret_data)
{
	auto_free char *user = NULL, *vfs = NULL, *data = NULL;
	unsigned long flags = 0;
	int r = mnt_split_optstr(options, &user, &vfs, &data, 0, 0);

	if (r == 0 && vfs)
		r = mnt_optstr_get_flags(vfs, &flags, mnt_get_builtin_optmap(MNT_LINUX_MAP));
	if (r < 0)
		return r;
	*ret_flags = flags | MS_RDONLY;
	*ret_data = data ? STEAL(data) : xstrdup("");
	return 0;
}

char *mount_options_text(unsigned long flags)
{
	static const struct {
		unsigned long flag;
		char name[16];
	} known[] = {
		{ MS_RDONLY, "ro" },
		{ MS_NOSUID, "nosuid" },
		{ MS_NODEV, "nodev" },
		{ MS_NOEXEC, "noexec" },
		{ MS_SYNCHRONOUS, "sync" },
		{ MS_NOATIME, "noatime" },
		{ MS_NODIRATIME, "nodiratime" },
		{ MS_RELATIME, "relatime" },
		{ MS_STRICTATIME, "strictatime" },
		{ MS_SILENT, "silent" },
	};
	auto_strv char **names = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (flags & known[i].flag)
			strv_add(&names, xstrdup(known[i].name));
	return strv_join(names, ",");
}

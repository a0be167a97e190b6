// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/init/filesystems.h"

#include "src/common/log.h"
#include "src/common/macro.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* As systemd mounts them (src/shared/mount-setup.c). */
static const struct kernel_fs {
	const char *type, *at, *options;
	unsigned long flags;
} first[] = {
	{ "proc", "/proc", NULL, MS_NOSUID | MS_NOEXEC | MS_NODEV },
	{ "tmpfs", "/run", "mode=0755,size=20%,nr_inodes=800k", MS_NOSUID | MS_NODEV },
}, others[] = {
	{ "sysfs", "/sys", NULL, MS_NOSUID | MS_NOEXEC | MS_NODEV },
	{ "devtmpfs", "/dev", "mode=0755,size=4m,nr_inodes=1m", MS_NOSUID },
};

static void mount_all(const struct kernel_fs *all, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		mkdir(all[i].at, 0755);
		if (mount(all[i].type, all[i].at, all[i].type, all[i].flags, all[i].options) < 0)
			log_console(LOG_ERR, "%s: %s", all[i].at, strerror(errno));
	}
}

void filesystems_begin(void)
{
	mount_all(first, ARRAY_SIZE(first));
}

void filesystems_end(void)
{
	for (size_t i = ARRAY_SIZE(first); i-- > 0;)
		umount2(first[i].at, MNT_DETACH);
}

/* Lines of the log come faster than the kernel takes them from one program as a rule. */
static void allow_all_lines(void)
{
	int fd = open("/proc/sys/kernel/printk_devkmsg", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, "on\n", 3);
	close(fd);
}

void filesystems_complete(void)
{
	static const char *const links[][2] = {
		{ "/proc/self/fd", "/dev/fd" },
		{ "/proc/self/fd/0", "/dev/stdin" },
		{ "/proc/self/fd/1", "/dev/stdout" },
		{ "/proc/self/fd/2", "/dev/stderr" },
	};

	mount_all(others, ARRAY_SIZE(others));
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		(void)!symlink(links[i][0], links[i][1]);
	allow_all_lines();
}

bool filesystems_have_units(void)
{
	static const char *const patterns[] = { "/etc/systemd/system/*.wants/*",
						"/etc/systemd/system/*.requires/*" };
	bool found = false;

	for (size_t i = 0; !found && i < ARRAY_SIZE(patterns); i++) {
		glob_t names;

		if (glob(patterns[i], 0, NULL, &names) != 0)
			continue;
		for (size_t k = 0; k < names.gl_pathc; k++)
			found |= strcmp(strrchr(names.gl_pathv[k], '/'), "/rootovl.service") != 0;
		globfree(&names);
	}
	return found;
}

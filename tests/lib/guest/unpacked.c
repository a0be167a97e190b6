// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unpacked: the /init of an initrd that says on the second serial port what the kernel has
 * unpacked, and ends the machine. A line for each name, separated by tabs: type, mode, size, number
 * of links, path, target of a link; then "failed=" with what the kernel had to complain of, and
 * "done=".
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define SERIAL_MAJOR 4
#define SERIAL_MINOR 65 /* ttyS1: Documentation/admin-guide/devices.txt */
#define READ_ALL     3	/* syslog(2) */

static const char complaint[] = "Initramfs unpacking failed: ";

static char type_of(mode_t mode)
{
	static const char types[] = { [S_IFIFO >> 12] = 'p',  [S_IFCHR >> 12] = 'c',
				      [S_IFDIR >> 12] = 'd',  [S_IFBLK >> 12] = 'b',
				      [S_IFREG >> 12] = '-',  [S_IFLNK >> 12] = 'l',
				      [S_IFSOCK >> 12] = 's', [15] = 0 };

	return types[(mode & S_IFMT) >> 12];
}

static int say(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	char target[8192] = "";
	ssize_t n = S_ISLNK(st->st_mode) ? readlink(path, target, sizeof(target) - 1) : 0;

	(void)flag;
	(void)at;
	target[n > 0 ? n : 0] = '\0';
	printf("%c\t%o\t%lld\t%lu\t%s\t%s\n", type_of(st->st_mode), st->st_mode & 07777,
	       S_ISDIR(st->st_mode) ? 0LL : (long long)st->st_size, (unsigned long)st->st_nlink,
	       path, target);
	return 0;
}

static void say_complaint(void)
{
	static char log[1 << 20];
	int n = klogctl(READ_ALL, log, sizeof(log) - 1);
	char *line = n > 0 ? strstr(log, complaint) : NULL;

	if (line)
		printf("failed=%.*s\n", (int)strcspn(line + strlen(complaint), "\n"),
		       line + strlen(complaint));
}

int main(void)
{
	mkdir("/dev", 0755);
	/* It is not there yet when the tree is walked through. */
	if (mknod("/.serial", S_IFCHR | 0600, makedev(SERIAL_MAJOR, SERIAL_MINOR)) < 0 ||
	    !freopen("/.serial", "w", stdout))
		perror("serial port");
	unlink("/.serial");
	puts("--- files");
	nftw("/", say, 100, FTW_PHYS | FTW_MOUNT);
	puts("---");
	say_complaint();
	puts("done=yes");
	fflush(stdout);
	fsync(STDOUT_FILENO);
	reboot(RB_POWER_OFF);
	return EXIT_FAILURE;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/lower/nbd_root.h"

#include "src/common/log.h"
#include "src/rootovl/lower/nbd_device.h"
#include "src/rootovl/machine/leave.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NAME   "rootovl-nbd.service"
#define TARGET "sysinit.target"

/*
 * The service is never stopped, because the shutdown reads its programs from the root. The "@" in
 * front of the process name tells systemd-shutdown(8) the same
 * (https://systemd.io/ROOT_STORAGE_DAEMONS).
 */
static const char unit[] = "# made by rootovl in the initramfs\n"
			   "[Unit]\n"
			   "Description=Keep the root's network block device connected\n"
			   "Documentation=man:rootovl(8)\n"
			   "DefaultDependencies=no\n"
			   "IgnoreOnIsolate=yes\n"
			   "[Service]\n"
			   "ExecStart=@" RUN_PROGRAM " @rootovl nbd-keep\n"
			   "OOMScoreAdjust=-1000\n";

int nbd_root_note(int number, int socket, const char *name, const struct nbd_export *export)
{
	struct nbd_root root = { .number = number, .size = export->size };
	auto_close int fd =
		open(RUN_NBD, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	root.server_len = sizeof(root.server);
	if (fd < 0 || getpeername(socket, (struct sockaddr *)&root.server, &root.server_len) < 0)
		return -errno;
	strncpy(root.name, name ? name : "", NBD_EXPORT_MAX);
	return write(fd, &root, sizeof(root)) == (ssize_t)sizeof(root) ? 0 : -EIO;
}

int nbd_root_read(struct nbd_root *ret)
{
	auto_close int fd = open(RUN_NBD, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, ret, sizeof(*ret));

	if (n < 0)
		return -errno;
	return n == (ssize_t)sizeof(*ret) && ret->server_len <= sizeof(ret->server) ? 0 : -EINVAL;
}

int nbd_root_leave(void)
{
	int r = leave_program();

	return r < 0 ? r : leave_unit(TARGET, NAME, unit);
}

int nbd_root_open(void)
{
	char path[32];
	struct nbd_root root;
	int fd, r = nbd_root_read(&root);

	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "/dev/nbd%d", root.number);
	fd = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

void nbd_root_drop(void)
{
	auto_failure struct failure f = { 0 };
	struct nbd_root root;
	int r = nbd_root_read(&root);

	if (r == -ENOENT)
		return;
	if (r == 0 && nbd_device_disconnect(root.number, &f) < 0)
		log_line(LOG_WARNING, "%s", f.what);
	leave_no_unit(TARGET, NAME);
	unlink(RUN_PROGRAM);
	unlink(RUN_NBD);
}

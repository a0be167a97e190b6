// SPDX-License-Identifier: GPL-2.0-or-later
/* Mounts a block device, or an image through a loop device, by the type of its file system. */
#include "src/rootovl/lower/lower_device.h"

#include "src/common/mem.h"
#include "src/common/verity_image.h"
#include "src/rootovl/lower/verity_root.h"
#include "src/rootovl/machine/block.h"
#include "src/rootovl/machine/device.h"
#include "src/rootovl/machine/mount_causes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>

/*
 * Lists the supported file systems, and the option that prevents a journal replay: a read-only
 * mount would still replay the journal, and write.
 */
static const struct type {
	const char *name, *option;
} types[] = {
	{ "squashfs", NULL }, { "erofs", NULL },       { "ext2", NULL },  { "ext3", "noload" },
	{ "ext4", "noload" }, { "xfs", "norecovery" }, { "btrfs", NULL },
};

static const struct type *known_type(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_SIZE(types); i++)
		if (!strcmp(types[i].name, name))
			return &types[i];
	return NULL;
}

static int mount_by_type(const char *device, int fd, const struct step_lower *lower,
			 const char *options, const char *name, struct failure *f)
{
	auto_free char *found = block_type(fd);
	const struct type *type = known_type(found);
	auto_free char *data = NULL;

	if (!type)
		return block_refuse(name, found,
				    "a root is squashfs, erofs, ext2 to ext4, xfs or btrfs; if it "
				    "is: is it whole?",
				    f);
	data = xasprintf("%s%s%s", options, *options && type->option ? "," : "",
			 type->option ? type->option : "");
	if (mount(device, lower->at, type->name, lower->flags, data) == 0)
		return 0;
	return mount_causes_fail(f, type->name, errno, "%s: mounting it as %s", name, type->name);
}

/*
 * Forks a process that keeps the disk open until this process has ended. The last close(2) of a
 * disk that does not answer would hang, and now hangs in that process.
 */
static void leave_last_close(void)
{
	pid_t parent = getpid();

	if (fork() != 0)
		return;
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		close(fd);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == parent)
		pause();
	_exit(0);
}

int lower_mount_typed(const char *device, int fd, const struct step_lower *lower,
		      const char *options, const char *name, struct failure *f)
{
	auto_close int checked = -1;
	int r;

	if (!lower->verity)
		return mount_by_type(device, fd, lower, options, name, f);
	/* From here on every read goes through the hash tree, also the one that finds the type. */
	r = verity_root_open(device, lower, name, f);
	if (r == -ETIME)
		leave_last_close();
	if (r < 0)
		return r;
	checked = open(VERITY_DEVICE, O_RDONLY | O_CLOEXEC);
	if (checked < 0)
		return fail_errno(f, errno, NULL, "%s: " VERITY_DEVICE, name);
	return mount_by_type(VERITY_DEVICE, checked, lower, options, name, f);
}

int lower_mount_device(struct boot *boot, const struct step_lower *lower, const char *name,
		       struct failure *f)
{
	auto_free char *path = NULL;
	auto_close int fd = -1;
	int r = device_find(lower->what, boot->deadline, &path, f);

	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(f, errno, NULL, "%s (%s)", name, path);
	return lower_mount_typed(path, fd, lower, lower->options, name, f);
}

/* Linux before 5.8 has no LOOP_CONFIGURE (loop(4)). */
static int configure_loop(int loop, int file)
{
	struct loop_config config = {
		.fd = (uint32_t)file,
		.info.lo_flags = LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR,
	};

	if (ioctl(loop, LOOP_CONFIGURE, &config) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOTTY)
		return -errno;
	if (ioctl(loop, LOOP_SET_FD, file) < 0)
		return -errno;
	if (ioctl(loop, LOOP_SET_STATUS64, &config.info) == 0)
		return 0;
	ioctl(loop, LOOP_CLR_FD, 0);
	return -errno;
}

/*
 * Attaches `file` to a loop device. Returns a descriptor of the device, and its path in *path. The
 * device is removed after its last user.
 */
static int attach(int file, char **path)
{
	auto_close int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);

	/* Another process may take the free device first. */
	for (int tries = 0; control >= 0 && tries < 64; tries++) {
		int number = ioctl(control, LOOP_CTL_GET_FREE), loop, r;

		if (number < 0)
			return -errno;
		set_text(path, xasprintf("/dev/loop%d", number));
		loop = open(*path, O_RDONLY | O_CLOEXEC);
		if (loop < 0)
			return -errno;
		r = configure_loop(loop, file);
		if (r == 0)
			return loop;
		close(loop);
		if (r != -EBUSY)
			return r;
	}
	return control < 0 ? -errno : -EBUSY;
}

int lower_mount_image(int file, const struct step_lower *lower, const char *name, struct failure *f)
{
	auto_free char *path = NULL;
	auto_close int loop = attach(file, &path);

	if (loop < 0)
		return fail_errno(f, -loop, "does the image have the module loop?",
				  "%s: a loop device for it", name);
	/* For an image on a share, the options of the plan belong to the share. */
	return lower_mount_typed(path, loop, lower, lower->inside ? "" : lower->options, name, f);
}

/* Opens (O_PATH) the path `inside` below `share`. Returns a descriptor, or -errno. */
static int walk(const char *share, const char *inside)
{
	auto_strv char **parts = strv_split(inside, "/");
	int dir = open(share, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (char **part = parts; dir >= 0 && part && *part; part++) {
		int next = openat(dir, *part, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		int code = errno;

		close(dir);
		errno = code;
		dir = next;
	}
	return dir < 0 ? -errno : dir;
}

int lower_take_inside(const struct step_lower *lower, const char *share, const char *name,
		      struct failure *f)
{
	auto_close int found = walk(share, lower->inside), file = -1;
	auto_free char *path = xasprintf("/proc/self/fd/%d", found);
	struct stat st;

	if (found < 0 || fstat(found, &st) < 0)
		return fail_errno(f, found < 0 ? -found : errno,
				  "check the path; it may hold no links", "%s", name);
	if (S_ISDIR(st.st_mode) && lower->verity)
		return fail(f, EISDIR, "name an image that `initrd-builder image --verity` made",
			    "%s: a folder, which rootovl.verity= cannot check", name);
	if (S_ISDIR(st.st_mode))
		return mount(path, lower->at, NULL, MS_BIND, NULL) == 0
			       ? 0
			       : fail_errno(f, errno, NULL, "%s: the folder in its share", name);
	if (!S_ISREG(st.st_mode))
		return fail(f, EINVAL, "name the folder or the file itself, not a link to it",
			    "%s is neither a folder nor an image", name);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return fail_errno(f, errno, NULL, "%s", name);
	return lower_mount_image(file, lower, name, f);
}

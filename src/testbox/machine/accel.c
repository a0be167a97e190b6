// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/accel.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "src/testbox/machine/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>

#define PROBE_S	 15 /* on a machine where KVM works it takes less than one */
#define BOOT_ID	 "/proc/sys/kernel/random/boot_id"
#define BOOT_LEN 36
#define TICK_MS	 200
#define SUCCESS	 "Kernel panic - not syncing: VFS: Unable to mount root fs"

static bool is_own_arch(enum host_arch arch)
{
	struct utsname name;

	return uname(&name) == 0 &&
	       !strcmp(name.machine, arch == ARCH_ARM64 ? "aarch64" : "x86_64");
}

/* 1, 0, or -1: nothing is known for this boot. */
static int remembered(const char *path, const char *boot_id)
{
	auto_free char *text = NULL;

	if (file_read(AT_FDCWD, path, 128, &text) < 0 || strncmp(text, boot_id, BOOT_LEN) != 0)
		return -1;
	return !strcmp(text + BOOT_LEN, " works\n");
}

static void look_for_success(void *arg, const char *line)
{
	bool *works = arg;

	*works |= strstr(line, SUCCESS) != NULL;
}

/* Hears the console until it says that all is well, or nothing more. */
static bool listen_to(int fd, const volatile sig_atomic_t *stop)
{
	time_t until = time(NULL) + PROBE_S;
	struct lines lines = { 0 };
	bool works = false;

	while (!works && !*stop && time(NULL) < until) {
		struct pollfd heard = { .fd = fd, .events = POLLIN };
		char data[4096];
		ssize_t n;

		if (poll(&heard, 1, TICK_MS) <= 0)
			continue;
		n = recv(fd, data, sizeof(data), MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			break;
		if (n > 0)
			lines_add(&lines, data, (size_t)n, look_for_success, &works);
	}
	return works;
}

/* Starts the machine of the probe, with its console on this socket. */
static int start(struct box *box, enum host_arch arch, const char *kernel, int console,
		 struct failure *f)
{
	auto_free char *chardev = xasprintf("socket,id=console,fd=%d", console);
	const int keep[] = { console, -1 };
	bool arm = arch == ARCH_ARM64;
	const char *const argv[] = {
		arm ? "qemu-system-aarch64" : "qemu-system-x86_64",
		"-nodefaults",
		"-no-user-config",
		"-no-reboot",
		"-display",
		"none",
		"-machine",
		arm ? "virt,gic-version=3" : "q35",
		"-accel",
		"kvm",
		"-cpu",
		"host",
		"-m",
		"256M",
		"-kernel",
		kernel,
		"-append",
		arm ? "console=ttyAMA0 panic=-1" : "console=ttyS0 panic=-1",
		"-chardev",
		chardev,
		"-serial",
		"chardev:console",
		NULL,
	};
	struct program program = { .argv = argv, .output = -1, .keep = keep };
	pid_t pid;

	return undo_start(box->undo, &program, &pid, f);
}

/* Returns 1 if the machine said that all is well, 0 if it did not, or a failure. */
static int probe(struct box *box, enum host_arch arch, const char *kernel,
		 const volatile sig_atomic_t *stop, struct failure *f)
{
	size_t mark = undo_mark(box->undo);
	bool works = false;
	int ends[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return fail_errno(f, errno, NULL, "the probe of KVM");
	r = start(box, arch, kernel, ends[1], f);
	close(ends[1]);
	if (r == 0) {
		works = listen_to(ends[0], stop);
		undo_back(box->undo, mark);
	}
	close(ends[0]);
	if (r == 0 && *stop)
		return fail(f, EINTR, NULL, "interrupted while probing KVM");
	return r < 0 ? r : works;
}

int accel_kvm(struct box *box, enum host_arch arch, const char *kernel,
	      const volatile sig_atomic_t *stop, struct failure *f)
{
	auto_free char *state = box_state_dir(), *path = xasprintf("%s/" BOX_KVM, state);
	auto_free char *boot_id = NULL, *text = NULL;
	int works;

	if (!is_own_arch(arch) || access("/dev/kvm", R_OK | W_OK) < 0 ||
	    file_read(AT_FDCWD, BOOT_ID, 64, &boot_id) < 0 || strlen(boot_id) < BOOT_LEN)
		return 0;
	works = remembered(path, boot_id);
	if (works >= 0 || !kernel)
		return works > 0;
	box_say(box, "probing KVM");
	works = probe(box, arch, kernel, stop, f);
	if (works < 0)
		return works;
	if (!works)
		log_line(LOG_NOTICE,
			 "%s: /dev/kvm is there, and a machine under it did not boot: without KVM",
			 box->name);
	text = xasprintf("%.*s %s\n", BOOT_LEN, boot_id, works ? "works" : "hangs");
	file_write(AT_FDCWD, path, text, 0600);
	return works;
}

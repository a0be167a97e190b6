// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/accel.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "src/testbox/machine/accel_probe.h"
#include "src/testbox/machine/lines.h"
#include "src/testbox/machine/qemu_rights.h"
#include "src/testbox/plan/machine_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>

#define PROBE_S	 15   /* on a machine where KVM works it takes less than one */
#define HANGS_S	 3600 /* for so long a probe that failed is believed */
#define BOOT_ID	 "/proc/sys/kernel/random/boot_id"
#define BOOT_LEN 36
#define TICK_MS	 200
#define IMAGE_FD 200

static bool is_own_arch(enum host_arch arch)
{
	struct utsname name;

	return uname(&name) == 0 &&
	       !strcmp(name.machine, arch == ARCH_ARM64 ? "aarch64" : "x86_64");
}

static long long now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

/* 1, 0, or -1: nothing is known for this boot, or not any more. */
static int remembered(const char *path, const char *boot_id)
{
	auto_free char *text = NULL;
	long long since;

	if (file_read(AT_FDCWD, path, 128, &text) < 0 || strncmp(text, boot_id, BOOT_LEN) != 0)
		return -1;
	if (!strcmp(text + BOOT_LEN, " works\n"))
		return 1;
	if (sscanf(text + BOOT_LEN, " hangs %lld", &since) != 1 || now_s() < since ||
	    now_s() - since >= HANGS_S)
		return -1;
	return 0;
}

static void remember(const char *path, const char *boot_id, bool works)
{
	auto_free char *text = works ? xasprintf("%.*s works\n", BOOT_LEN, boot_id)
				     : xasprintf("%.*s hangs %lld\n", BOOT_LEN, boot_id, now_s());

	file_write(AT_FDCWD, path, text, 0600);
}

static void look_for_success(void *arg, const char *line)
{
	bool *works = arg;

	*works |= strstr(line, ACCEL_PROBE_WORDS) != NULL;
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
static int start(struct box *box, enum host_arch arch, int image, int console, struct failure *f)
{
	static const char *const what[][9] = {
		[ARCH_AMD64] = { "qemu-system-x86_64", "q35", "-add-fd", "fd=200,set=200", "-drive",
				 "if=none,id=probe,format=raw,readonly=on,file=/dev/fdset/200",
				 "-device", "virtio-blk-pci,drive=probe,bootindex=1" },
		[ARCH_ARM64] = { "qemu-system-aarch64", "virt,gic-version=3", "-kernel",
				 "/proc/self/fd/200" },
	};
	static const char *const common[] = {
		"-nodefaults",
		"-no-user-config",
		"-no-reboot",
		"-sandbox",
		QEMU_SANDBOX,
		"-display",
		"none",
		"-accel",
		"kvm",
		"-cpu",
		"host",
		"-m",
		"64M",
		"-serial",
		"chardev:console",
	};
	auto_free char *chardev = xasprintf("socket,id=console,fd=%d", console);
	const int keep[] = { console, -1 };
	const struct qemu_fds fds = { IMAGE_FD, &image, 1 };
	const char *argv[40] = { what[arch][0], "-machine", what[arch][1], "-chardev", chardev };
	const struct program program = { .argv = argv, .output = -1, .keep = keep };
	struct qemu_user user;
	const struct qemu_rights rights = { &user, &fds, false };
	size_t n = 5;
	pid_t pid;

	for (size_t i = 0; i < ARRAY_SIZE(common); i++)
		argv[n++] = common[i];
	for (size_t i = 2; what[arch][i]; i++)
		argv[n++] = what[arch][i];
	qemu_user_find(&user);
	return qemu_start(box->undo, &program, &rights, &pid, f);
}

/* Returns 1 if the machine said that all is well, 0 if it did not, or a failure. */
static int probe(struct box *box, enum host_arch arch, const volatile sig_atomic_t *stop,
		 struct failure *f)
{
	auto_close int image = accel_probe_image(arch);
	size_t mark = undo_mark(box->undo);
	bool works = false;
	int ends[2], r;

	if (image < 0)
		return fail_errno(f, -image, NULL, "the probe of KVM");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return fail_errno(f, errno, NULL, "the probe of KVM");
	r = start(box, arch, image, ends[1], f);
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

int accel_kvm(struct box *box, enum host_arch arch, bool dry, const volatile sig_atomic_t *stop,
	      struct failure *f)
{
	auto_free char *state = box_state_dir(), *path = xasprintf("%s/" BOX_KVM, state);
	auto_free char *boot_id = NULL;
	int works;

	if (!is_own_arch(arch) || access("/dev/kvm", R_OK | W_OK) < 0 ||
	    file_read(AT_FDCWD, BOOT_ID, 64, &boot_id) < 0 || strlen(boot_id) < BOOT_LEN)
		return 0;
	works = remembered(path, boot_id);
	if (works >= 0 || dry)
		return works > 0;
	box_say(box, "probing KVM");
	works = probe(box, arch, stop, f);
	if (works < 0)
		return works;
	if (!works)
		log_line(LOG_NOTICE,
			 "%s: /dev/kvm is there, and a machine under it did not boot: without KVM",
			 box->name);
	remember(path, boot_id, works);
	return works;
}

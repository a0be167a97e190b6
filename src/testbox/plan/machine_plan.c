// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/machine_plan.h"

#include "src/common/cmdline.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"
#include "src/rootovl/settings/root_mask.h"

#include <stdarg.h>
#include <string.h>

#define MIB	      (1ull << 20)
#define QEMU_OVERHEAD (256 * MIB) /* of QEMU itself, beside the machine's memory */
#define VIRTIOFSD     "/usr/lib/qemu/virtiofsd"
/*
 * How the two architectures differ. Without KVM: QEMU 7.2 hangs now and then in cmpxchg16b. It
 * emulates `rep stosb`, by which Linux clears pages on a processor with erms, one byte at a time.
 * QEMU 10 has fsrm too, and Linux 6.1 hangs on a processor with fsrm and without erms. "max" of
 * arm64 signs pointers, so a boot takes more than twice as long, and has FEAT_LPA2, on which Linux
 * before 5.12 does not boot.
 */
static const struct arch {
	const char *qemu;
	const char *machine;
	const char *tcg_cpu;
	const char *console;
} archs[] = {
	[ARCH_AMD64] = { "qemu-system-x86_64", "q35", "max,-cx16,-erms,-fsrm", "ttyS0" },
	[ARCH_ARM64] = { "qemu-system-aarch64", "virt,gic-version=3", "cortex-a72", "ttyAMA0" },
};

static void add(struct machine_plan *plan, const char *option, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
static void add(struct machine_plan *plan, const char *option, const char *fmt, ...)
{
	va_list ap;

	strv_add(&plan->qemu, xstrdup(option));
	va_start(ap, fmt);
	strv_add(&plan->qemu, xvasprintf(fmt, ap));
	va_end(ap);
}

/* Enters what QEMU gets as a descriptor, and returns the descriptor's number there. */
static size_t hand_over(struct machine_plan *plan, enum plan_file_kind kind, const char *path)
{
	plan->files = xreallocarray(plan->files, plan->n_files + 1, sizeof(*plan->files));
	plan->files[plan->n_files] = (struct plan_file){ kind, xstrdup(path) };
	return PLAN_FIRST_FD + plan->n_files++;
}

/* The same as a set of QEMU's, /dev/fdset/N: for what is an image of a disk. */
static size_t hand_over_set(struct machine_plan *plan, enum plan_file_kind kind, const char *path)
{
	size_t fd = hand_over(plan, kind, path);

	add(plan, "-add-fd", "fd=%zu,set=%zu", fd, fd);
	return fd;
}

static void add_file(struct machine_plan *plan, const char *option, const char *path)
{
	add(plan, option, "/proc/self/fd/%zu", hand_over(plan, FILE_REOPENED, path));
}

static void add_processor(struct machine_plan *plan, const struct machine_request *request)
{
	const struct host *host = request->host;
	const struct arch *arch = &archs[host->arch];
	const char *cpu = host->cpu ? host->cpu : request->kvm ? "host" : arch->tcg_cpu;
	unsigned long long memory = (host->memory + MIB - 1) / MIB;
	bool shared = request->rootfs || (request->result && host->share == SHARE_VIRTIOFS);

	strv_add(&plan->qemu, xstrdup(arch->qemu));
	add(plan, "-name", "guest=%s", host->name);
	strv_add(&plan->qemu, xstrdup("-nodefaults"));
	strv_add(&plan->qemu, xstrdup("-no-user-config"));
	strv_add(&plan->qemu, xstrdup("-no-reboot"));
	/* It waits for the kernel line, and to be put into its scope. */
	strv_add(&plan->qemu, xstrdup("-preconfig"));
	add(plan, "-sandbox", QEMU_SANDBOX);
	add(plan, "-display", "none");
	/* virtiofsd reads and writes the machine's memory itself. */
	add(plan, "-machine", "%s%s", arch->machine, shared ? ",memory-backend=memory" : "");
	add(plan, "-accel", "%s", request->kvm ? "kvm" : "tcg,thread=multi");
	add(plan, "-cpu", "%s", cpu);
	add(plan, "-smp", "%u", host->cpus);
	add(plan, "-m", "%lluM", memory);
	if (shared)
		add(plan, "-object", "memory-backend-memfd,id=memory,size=%lluM,share=on", memory);
	if (host->firmware)
		add_file(plan, "-bios", host->firmware);
	plan->memory = memory * MIB + QEMU_OVERHEAD;
}

/*
 * Ours stand before the script's, and so do the host file's, so that the script's win. Without a
 * console= nothing would be heard of the machine, and one that panics must end.
 */
static char *kernel_line(const struct machine_request *request)
{
	const char *hardware = request->host->cmdline;
	struct cmdline said = { 0 };
	auto_strv char **words = NULL;

	cmdline_add(&said, hardware ? hardware : "");
	cmdline_add(&said, request->cmdline);
	if (!cmdline_has(&said, "console"))
		strv_add(&words, xasprintf("console=%s", archs[request->host->arch].console));
	if (!cmdline_has(&said, "panic"))
		strv_add(&words, xstrdup("panic=-1"));
	/* On a busy host the kernel would else find its timer broken; under KVM it does not ask. */
	if (request->host->arch == ARCH_AMD64 && !request->kvm)
		strv_add(&words, xstrdup("no_timer_check"));
	cmdline_done(&said);
	if (hardware)
		strv_add(&words, xstrdup(hardware));
	if (*request->cmdline)
		strv_add(&words, xstrdup(request->cmdline));
	if (request->iso)
		strv_add(&words, xstrdup("rootovl.personality=LABEL=" PERSONALITY_LABEL));
	return strv_join(words, " ");
}

static void add_kernel(struct machine_plan *plan, const struct machine_request *request)
{
	if (!request->kernel)
		return;
	plan->append = kernel_line(request);
	add_file(plan, "-kernel", request->kernel);
	if (request->initrd)
		add_file(plan, "-initrd", request->initrd);
}

static void add_sockets(struct machine_plan *plan, const struct machine_request *request)
{
	const struct machine_sockets *sockets = &request->sockets;

	add(plan, "-chardev", "socket,id=console,fd=%d", sockets->console);
	add(plan, "-serial", "chardev:console");
	add(plan, "-chardev", "socket,id=qmp,fd=%d", sockets->qmp);
	add(plan, "-mon", "chardev=qmp,mode=control");
	add(plan, "-device", "virtio-rng-pci");
	if (sockets->port < 0)
		return;
	add(plan, "-device", "virtio-serial-pci");
	add(plan, "-chardev", "socket,id=port,fd=%d", sockets->port);
	add(plan, "-device", "virtserialport,chardev=port,name=" PERSONALITY_PORT);
}

/* The options that name the images below a fresh one. A base on a server QEMU finds by itself. */
static char *add_bases(struct machine_plan *plan, const struct plan_base *base)
{
	auto_free char *key = xstrdup("backing");
	char *options = xstrdup("");

	for (size_t i = 0; base && i < base->n; i++) {
		size_t fd = hand_over_set(plan, FILE_READ, base->paths[i]);

		set_text(&options, xasprintf("%s,%s.driver=%s,%s.file.driver=%s,"
					     "%s.file.filename=/dev/fdset/%zu",
					     options, key, base->formats[i], key,
					     base->devices[i] ? "host_device" : "file", key, fd));
		set_text(&key, xasprintf("%s.backing", key));
	}
	return options;
}

static void add_disk(struct machine_plan *plan, const struct machine_request *request, size_t i)
{
	auto_free char *bases = add_bases(plan, request->bases ? &request->bases[i] : NULL);
	const struct host_disk *disk = &request->host->disks[i];
	bool keep = disk->kind == DISK_KEPT;
	struct plan_image *image;
	size_t fd;

	plan->images = xreallocarray(plan->images, plan->n_images + 1, sizeof(*plan->images));
	image = &plan->images[plan->n_images++];
	*image = (struct plan_image){
		.path = xasprintf("%s/disk-%zu.qcow2", keep ? request->dir : request->run, i + 1),
		.size = disk->size,
		.base = disk->base ? xstrdup(disk->base) : NULL,
		.keep = keep,
		.thin = disk->unsaid,
	};
	fd = hand_over_set(plan, FILE_DISK, image->path);
	/* What a fresh disk holds need not outlive the host's power. */
	add(plan, "-drive",
	    "if=none,id=disk%zu,format=qcow2,discard=unmap,cache=%s,"
	    "file.filename=/dev/fdset/%zu,file.auto-read-only=off%s",
	    i + 1, keep ? "writeback" : "unsafe", fd, bases);
	add(plan, "-device", "virtio-blk-pci,drive=disk%zu,serial=disk-%zu", i + 1, i + 1);
}

/* Without an option ROM where the kernel comes with the machine. */
static void add_nic(struct machine_plan *plan, const struct machine_request *request, size_t i)
{
	const struct host_nic *nic = &request->host->nics[i];
	auto_free char *boot =
		request->kernel ? xstrdup("romfile=") : xasprintf("bootindex=%zu", i + 1);

	if (nic->bridge)
		add(plan, "-netdev", "tap,id=net%zu,fd=%zu", i,
		    hand_over(plan, FILE_TAP, nic->bridge));
	else if (request->nets)
		add(plan, "-netdev", "socket,id=net%zu,fd=%d", i, request->nets[i]);
	else
		add(plan, "-netdev", "user,id=net%zu", i);
	if (!nic->bridge && !plan->reach)
		plan->reach = reach_text(request->reach);
	add(plan, "-device", "virtio-net-pci,netdev=net%zu,mac=%s,%s", i, nic->mac, boot);
}

static void add_personality(struct machine_plan *plan, const struct machine_request *request)
{
	size_t fd;

	if (!request->iso)
		return;
	fd = hand_over_set(plan, FILE_READ, request->iso);
	add(plan, "-device", "virtio-scsi-pci");
	add(plan, "-drive", "if=none,id=iso,format=raw,media=cdrom,readonly=on,file=/dev/fdset/%zu",
	    fd);
	add(plan, "-device", "scsi-cd,id=" PERSONALITY_ID ",drive=iso");
}

/* A folder by virtiofs, without the right to make devices in it. */
static void add_share(struct machine_plan *plan, const char *tag, const char *folder, bool readonly,
		      const struct machine_share *ends)
{
	struct plan_share *share = &plan->shares[plan->n_shares++];

	*share = (struct plan_share){ .folder = xstrdup(folder),
				      .readonly = readonly,
				      .listening = ends->listening };
	strv_add(&share->virtiofsd, xstrdup(VIRTIOFSD));
	strv_add(&share->virtiofsd, xasprintf("--fd=%d", ends->listening));
	strv_add(&share->virtiofsd, xstrdup("-o"));
	strv_add(&share->virtiofsd, xstrdup("source=" SHARE_PLACE));
	strv_add(&share->virtiofsd, xstrdup("-o"));
	strv_add(&share->virtiofsd, xstrdup("modcaps=-mknod"));
	/* It is raised before: root of a user namespace may not. */
	strv_add(&share->virtiofsd, xstrdup("--rlimit-nofile=0"));
	add(plan, "-chardev", "socket,id=%s,fd=%d", tag, ends->connected);
	add(plan, "-device", "vhost-user-fs-pci,chardev=%s,tag=%s", tag, tag);
}

static void add_result(struct machine_plan *plan, const struct machine_request *request)
{
	if (!request->result)
		return;
	if (request->host->share != SHARE_9P) {
		add_share(plan, RESULT_TAG, request->result, false, &request->result_share);
		return;
	}
	add(plan, "-fsdev",
	    "local,id=result,path=/proc/self/fd/%d,security_model=none,multidevs=remap",
	    request->result_fd);
	add(plan, "-device", "virtio-9p-pci,fsdev=result,mount_tag=" RESULT_TAG_9P);
}

static void add_rootfs(struct machine_plan *plan, const struct machine_request *request)
{
	if (request->rootfs)
		add_share(plan, ROOT_TAG, request->rootfs, true, &request->rootfs_share);
}

void machine_plan_build(struct machine_plan *plan, const struct machine_request *request)
{
	const struct host *host = request->host;

	*plan = (struct machine_plan){ 0 };
	add_processor(plan, request);
	add_kernel(plan, request);
	add_sockets(plan, request);
	for (size_t i = 0; i < host->n_disks; i++)
		add_disk(plan, request, i);
	for (size_t i = 0; i < host->n_nics; i++)
		add_nic(plan, request, i);
	add_personality(plan, request);
	add_result(plan, request);
	add_rootfs(plan, request);
}

/* An option and its value on one line. */
static void print_command(char *const *argv, FILE *out)
{
	auto_free char *program = one_line_of(argv[0]);

	fputs(program, out);
	for (size_t i = 1; argv[i]; i++) {
		auto_free char *shown = one_line_of(argv[i]);

		fprintf(out, "%s%s", argv[i][0] == '-' ? "\n    " : " ", shown);
	}
	fputc('\n', out);
}

/* What QEMU gets beside its command line; a kernel line without its passwords. */
static void print_handed(const struct machine_plan *plan, FILE *out)
{
	static const char *const kinds[] = {
		[FILE_REOPENED] = "read",
		[FILE_READ] = "read",
		[FILE_DISK] = "written",
		[FILE_TAP] = "a tap on it",
	};
	auto_free char *masked = plan->append ? root_mask_line(plan->append) : NULL;

	for (size_t i = 0; i < plan->n_files; i++)
		one_line_print(out, "descriptor %zu: %s, %s", PLAN_FIRST_FD + i,
			       plan->files[i].path, kinds[plan->files[i].kind]);
	if (masked)
		one_line_print(out, "kernel line: %s", masked);
}

void machine_plan_print(const struct machine_plan *plan, FILE *out)
{
	fprintf(out, "memory: %llu MiB must be free\n", (unsigned long long)(plan->memory / MIB));
	for (size_t i = 0; i < plan->n_images; i++) {
		const struct plan_image *image = &plan->images[i];

		auto_free char *size =
			xasprintf(", %llu MiB", (unsigned long long)(image->size / MIB));

		one_line_print(out, "disk: %s, %s%s%s%s", image->path,
			       image->keep ? "kept" : "fresh", image->size ? size : "",
			       image->base ? ", over " : "", image->base ? image->base : "");
	}
	if (plan->reach)
		one_line_print(out, "reach: %s", *plan->reach ? plan->reach : "nothing");
	for (size_t i = 0; i < plan->n_shares; i++) {
		one_line_print(out, "share: %s, %s, by", plan->shares[i].folder,
			       plan->shares[i].readonly ? "read-only" : "read and written");
		print_command(plan->shares[i].virtiofsd, out);
	}
	print_handed(plan, out);
	print_command(plan->qemu, out);
}

void machine_plan_done(struct machine_plan *plan)
{
	for (size_t i = 0; i < plan->n_images; i++) {
		free(plan->images[i].path);
		free(plan->images[i].base);
	}
	free(plan->images);
	for (size_t i = 0; i < plan->n_files; i++)
		free(plan->files[i].path);
	free(plan->files);
	free(plan->append);
	free(plan->reach);
	strv_free(plan->qemu);
	for (size_t i = 0; i < plan->n_shares; i++) {
		strv_free(plan->shares[i].virtiofsd);
		free(plan->shares[i].folder);
	}
	*plan = (struct machine_plan){ 0 };
}

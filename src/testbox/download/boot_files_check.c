// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/boot_files_check.h"

#include "initrd-builder/read/verify.h"
#include "src/common/cmdline.h"
#include "src/common/log.h"
#include "src/common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define VERSION_MAX 64

struct magic {
	size_t offset;
	const char *bytes;
	size_t n;
	int arch; /* enum host_arch; -1: it does not say */
};

/*
 * x86: Documentation/arch/x86/boot.rst; arm64 and riscv: their booting.rst and boot-image-header;
 * compressed EFI images: drivers/firmware/efi/libstub/zboot-header.S; ELF: with a PVH note.
 */
static const struct magic kernels[] = {
	{ 0x202, "HdrS", 4, ARCH_AMD64 },
	{ 0x38, "ARM\x64", 4, ARCH_ARM64 },
	{ 0x38, "RSC\x05", 4, -1 },
	{ 4, "zimg", 4, -1 },
	{ 0, "\x1f\x8b", 2, -1 },
	{ 0,
	  "\x7f"
	  "ELF",
	  4, -1 },
};

/* The row that a kernel begins as; NULL: it is none. */
static const struct magic *find_magic(int fd)
{
	char begin[1024];
	ssize_t have = pread(fd, begin, sizeof(begin), 0);

	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++)
		if (have >= (ssize_t)(kernels[i].offset + kernels[i].n) &&
		    !memcmp(begin + kernels[i].offset, kernels[i].bytes, kernels[i].n))
			return &kernels[i];
	return NULL;
}

bool boot_files_check_arch(const char *path, enum host_arch *ret)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	const struct magic *magic = find_magic(fd);

	if (!magic || magic->arch < 0)
		return false;
	*ret = (enum host_arch)magic->arch;
	return true;
}

char *boot_files_check_version(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	const struct magic *magic = find_magic(fd);
	unsigned char field[2]; /* kernel_version: an offset less 0x200 */
	char text[VERSION_MAX + 1] = "";
	off_t at;

	if (!magic || magic->arch != ARCH_AMD64 ||
	    pread(fd, field, sizeof(field), 0x20e) != (ssize_t)sizeof(field))
		return NULL;
	at = 0x200 + (field[0] | field[1] << 8);
	if (at == 0x200 || pread(fd, text, VERSION_MAX, at) <= 0)
		return NULL;
	text[strcspn(text, " ")] = '\0';
	return *text && !strchr(text, '/') ? xstrdup(text) : NULL;
}

/* `why` may be NULL. The first bytes tell an error page of a server from a damaged file. */
static int fail_kind(int fd, const char *shown, const char *what, const char *why,
		     struct failure *f)
{
	char begin[41] = "";
	ssize_t have = pread(fd, begin, sizeof(begin) - 1, 0);

	begin[have > 0 ? have : 0] = '\0';
	/* What follows may be no text, and the report to the scheduler is UTF-8. */
	for (char *c = begin; *c; c++)
		if (!isascii(*c) || !isprint((unsigned char)*c))
			*c = '\0';
	if (*begin)
		return fail(f, EBADMSG, NULL, "%s: it is no %s: %s%sit begins with '%s'", shown,
			    what, why ? why : "", why ? "; " : "", begin);
	return fail(f, EBADMSG, NULL, "%s: it is no %s%s%s", shown, what, why ? ": " : "",
		    why ? why : "");
}

int boot_files_check_kernel(int fd, const char *shown, struct failure *f)
{
	return find_magic(fd) ? 0 : fail_kind(fd, shown, "kernel", NULL, f);
}

struct initrds {
	char *const *shown;
	size_t now;  /* which one is looked at */
	char *wrong; /* the first finding that no boot survives */
	size_t bad;
};

/* What the kernel does not unpack ends it; what only may go wrong later is said. */
static void on_finding(void *arg, const struct finding *finding)
{
	struct initrds *initrds = arg;

	if (finding->note)
		return;
	if (finding->path)
		log_line(LOG_WARNING, "%s: %s: %s", initrds->shown[initrds->now], finding->path,
			 finding->text);
	else if (!initrds->wrong) {
		initrds->wrong = xstrdup(finding->text);
		initrds->bad = initrds->now;
	}
}

#define IMAGE_MARK "usr/bin/rootovl"

/* What an image of rootovl's has only where it is built --with it, and what asks for it. */
static const struct extra {
	const char *word, *value; /* of the kernel line; it begins so, and there is more of it */
	const char *path;	  /* of the program that all of it hangs on */
	const char *what, *hint;
} extras[] = {
	{ "rootfs_disk", "", "sbin/lvm",
	  "rootfs_disk= is on the kernel line, and no initrd has lvm", REBUILD_WITH_DISKS },
	{ "root", "live:", "usr/lib/rootovl/rootovl-fetch",
	  "root=live: is on the kernel line, and no initrd has what fetches it",
	  REBUILD_WITH_LIVE },
};

static bool asks(const struct cmdline *line, const struct extra *extra)
{
	const char *value = cmdline_value(line, extra->word);
	size_t len = strlen(extra->value);

	return value && !strncmp(value, extra->value, len) && value[len];
}

/* Where no image of ours is, or it is not switched on, such words are for somebody else. */
static int check_extras(const struct verify *verify, const struct line_image *image,
			const struct cmdline *line, struct failure *f)
{
	const struct extra *lacks = NULL;

	if (line_check_is_ours(image, line))
		for (size_t i = 0; !lacks && i < ARRAY_SIZE(extras); i++)
			if (asks(line, &extras[i]) && !verify_has(verify, extras[i].path))
				lacks = &extras[i];
	return lacks ? fail(f, ENOENT, lacks->hint, "%s", lacks->what) : 0;
}

int boot_files_check_initrds(const int *fds, char *const *shown, size_t n, const char *args,
			     const char *rootfs, size_t *ret_bad, struct line_image *ret_image,
			     struct failure *f)
{
	struct initrds initrds = { .shown = shown };
	auto_verify struct verify *verify = verify_new(on_finding, &initrds);
	__attribute__((cleanup(cmdline_done))) struct cmdline line = { 0 };
	auto_free char *wrong = NULL;
	const char *units;
	int r = rootfs ? verify_root(verify, rootfs, f) : 0;

	*ret_bad = n;
	cmdline_add(&line, args);
	units = cmdline_value(&line, "rootovl.enable");
	if (units && *units)
		verify_enable(verify, units);
	for (size_t i = 0; r == 0 && !initrds.wrong && i < n; i++) {
		auto_free char *path = xasprintf("/proc/self/fd/%d", fds[i]);

		*ret_bad = initrds.now = i;
		r = verify_file(verify, path, f);
	}
	if (r == 0 && !initrds.wrong && n)
		verify_end(verify);
	wrong = initrds.wrong;
	if (r < 0)
		return r;
	if (wrong) {
		*ret_bad = initrds.bad;
		return fail_kind(fds[initrds.bad], shown[initrds.bad], "initrd", wrong, f);
	}
	*ret_bad = n;
	ret_image->ours = verify_has(verify, IMAGE_MARK);
	ret_image->alone = ret_image->ours && !verify_has(verify, "usr/lib/dracut/hooks") &&
			   !verify_has(verify, "var/lib/dracut/hooks");
	ret_image->words = verify_has_within(verify, "etc/cmdline.d");
	return check_extras(verify, ret_image, &line, f);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What must be seen of a file before a machine is started with it. */
#include "boot_files.h"
#include "common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

struct magic {
	size_t offset;
	const char *bytes;
	size_t n;
};

/*
 * x86: Documentation/arch/x86/boot.rst; arm64 and riscv: their booting.rst and boot-image-header;
 * compressed EFI images: drivers/firmware/efi/libstub/zboot-header.S; ELF: with a PVH note.
 */
static const struct magic kernels[] = {
	{ 0x202, "HdrS", 4 },
	{ 0x38, "ARM\x64", 4 },
	{ 0x38, "RSC\x05", 4 },
	{ 4, "zimg", 4 },
	{ 0, "\x1f\x8b", 2 },
	{ 0,
	  "\x7f"
	  "ELF",
	  4 },
};

/* What lib/decompress.c knows, and the two kinds of archives. */
static const struct magic initrds[] = {
	{ 0, "070701", 6 },
	{ 0, "070702", 6 },
	{ 0, "\x1f\x8b", 2 },
	{ 0, "\x28\xb5\x2f\xfd", 4 },
	{ 0,
	  "\xfd"
	  "7zXZ",
	  5 },
	{ 0, "BZh", 3 },
	{ 0, "\x02\x21\x4c\x18", 4 },
	{ 0, "\x89LZO", 4 },
	{ 0, "\x5d\0\0", 3 },
};

static bool is_one_of(int fd, const struct magic *list, size_t n)
{
	char begin[1024];
	ssize_t have = pread(fd, begin, sizeof(begin), 0);

	for (size_t i = 0; i < n; i++)
		if (have >= (ssize_t)(list[i].offset + list[i].n) &&
		    !memcmp(begin + list[i].offset, list[i].bytes, list[i].n))
			return true;
	return false;
}

static int is_none(int fd, const char *shown, const char *what, struct failure *f)
{
	char begin[41] = "";
	ssize_t have = pread(fd, begin, sizeof(begin) - 1, 0);

	begin[have > 0 ? have : 0] = '\0';
	begin[strcspn(begin, "\r\n")] = '\0';
	if (isprint((unsigned char)*begin))
		return fail(f, EBADMSG, NULL, "%s: it is no %s: it begins with '%s'", shown, what,
			    begin);
	return fail(f, EBADMSG, NULL, "%s: it is no %s", shown, what);
}

int boot_files_check_kernel(int fd, const char *shown, struct failure *f)
{
	return is_one_of(fd, kernels, ARRAY_SIZE(kernels)) ? 0 : is_none(fd, shown, "kernel", f);
}

int boot_files_check_initrds(const int *fds, char *const *shown, size_t n, size_t *ret_bad,
			     struct failure *f)
{
	for (size_t i = 0; i < n; i++) {
		*ret_bad = i;
		if (!is_one_of(fds[i], initrds, ARRAY_SIZE(initrds)))
			return is_none(fds[i], shown[i], "initrd", f);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/interpreter.h"

#include "initrd-builder/root/arch.h"
#include "src/common/files.h"
#include "src/common/mem.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <string.h>

#define ENTRY_MAX 8192

/* What one entry of binfmt_misc is to programs of an architecture. */
enum use {
	USE_NONE,
	USE_HERE, /* runs them, but not in a container */
	USE_EVERYWHERE,
};

/* The text behind "name " on a line of its own; owned; NULL: there is no such line. */
static char *field(const char *entry, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = entry; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, len) == 0)
			return xstrndup(line + len, strcspn(line + len, "\n"));
	}
	return NULL;
}

/* The byte that two hexadecimal digits are; `none` behind the end, -1 for other text. */
static int hex_byte(const char *text, size_t i, int none)
{
	char digits[3] = "";

	if (!text || strlen(text) <= 2 * i)
		return none;
	memcpy(digits, text + 2 * i, 2);
	if (!isxdigit((unsigned char)digits[0]) || !isxdigit((unsigned char)digits[1]))
		return -1;
	return (int)strtol(digits, NULL, 16);
}

static enum use use_of(const char *entry, const unsigned char head[ARCH_HEAD])
{
	auto_free char *magic = field(entry, "magic "), *mask = field(entry, "mask ");
	auto_free char *offset = field(entry, "offset "), *flags = field(entry, "flags: ");

	if (strncmp(entry, "enabled\n", 8) != 0 || !magic || !*magic ||
	    strlen(magic) > 2 * ARCH_HEAD || !offset || strcmp(offset, "0") != 0)
		return USE_NONE;
	for (size_t i = 0; i < ARCH_HEAD; i++) {
		int wanted = hex_byte(magic, i, 0), bits = hex_byte(mask, i, 0xff);

		if (2 * i >= strlen(magic))
			break;
		if (wanted < 0 || bits < 0 || ((head[i] ^ wanted) & bits) != 0)
			return USE_NONE;
	}
	return flags && strchr(flags, 'F') ? USE_EVERYWHERE : USE_HERE;
}

int interpreter_check(const char *dir, const char *arch, struct failure *f)
{
	auto_free char *status = NULL;
	auto_dir DIR *entries = opendir(dir);
	unsigned char head[ARCH_HEAD];
	enum use best = USE_NONE;

	arch_program_head(arch, head);
	for (struct dirent *at; entries && (at = readdir(entries));) {
		auto_free char *entry = NULL;
		enum use use = USE_NONE;

		if (strcmp(at->d_name, "register") != 0 &&
		    file_read(dirfd(entries), at->d_name, ENTRY_MAX, &entry) == 0)
			use = use_of(entry, head);
		best = use > best ? use : best;
	}
	if (entries && file_read(dirfd(entries), "status", ENTRY_MAX, &status) == 0 &&
	    strcmp(status, "enabled\n") != 0)
		return fail(f, ENOEXEC, "write 1 to its file status",
			    "this machine runs no programs of %s: %s is disabled", arch, dir);
	if (best == USE_EVERYWHERE)
		return 0;
	if (best == USE_HERE)
		return fail(f, ENOEXEC, "register it with the flag F, as qemu-user-static does",
			    "containers run no programs of %s: they do not see the interpreter",
			    arch);
	return fail(f, ENOEXEC,
		    status ? "install qemu-user-static"
			   : "install qemu-user-static, and mount binfmt_misc",
		    "this machine runs no programs of %s: %s has no interpreter of them", arch,
		    dir);
}

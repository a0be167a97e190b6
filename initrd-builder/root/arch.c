// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/root/arch.h"

#include "initrd-builder/root/kernel_config.h"
#include "src/common/macro.h"

#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/utsname.h>

#define MACHINE_LOONGARCH 258 /* EM_LOONGARCH, which older elf.h lack */

static const struct arch {
	const char *name;
	const char *platform;
	const char *config;
	uint16_t machine;
	unsigned char class, data; /* elf(5), EI_CLASS and EI_DATA */
} arches[] = {
	{ "amd64", "amd64", "CONFIG_X86_64", EM_X86_64, ELFCLASS64, ELFDATA2LSB },
	{ "arm64", "arm64", "CONFIG_ARM64", EM_AARCH64, ELFCLASS64, ELFDATA2LSB },
	{ "i386", "386", "CONFIG_X86_32", EM_386, ELFCLASS32, ELFDATA2LSB },
	{ "armhf", "arm", "CONFIG_ARM", EM_ARM, ELFCLASS32, ELFDATA2LSB },
	{ "riscv64", "riscv64", "CONFIG_RISCV", EM_RISCV, ELFCLASS64, ELFDATA2LSB },
	{ "ppc64el", "ppc64le", "CONFIG_PPC64", EM_PPC64, ELFCLASS64, ELFDATA2LSB },
	{ "s390x", "s390x", "CONFIG_S390", EM_S390, ELFCLASS64, ELFDATA2MSB },
	{ "loong64", "loong64", "CONFIG_LOONGARCH", MACHINE_LOONGARCH, ELFCLASS64, ELFDATA2LSB },
};

static const char *const programs[] = {
	"usr/lib/systemd/systemd",
	"lib/systemd/systemd",
	"usr/bin/sh",
	"bin/sh",
};

/* Of an ELF file; NULL: it is none. */
static const char *of_program(const struct rootfs *root, const char *path)
{
	auto_close int fd = rootfs_openat(root, path, O_PATH);
	auto_close int file = fd < 0 ? fd : rootfs_reopen(fd);
	unsigned char head[offsetof(Elf64_Ehdr, e_machine) + sizeof(uint16_t)];
	const unsigned char *at = head + offsetof(Elf64_Ehdr, e_machine);
	uint16_t machine;

	if (file < 0 || read(file, head, sizeof(head)) != (ssize_t)sizeof(head) ||
	    memcmp(head, ELFMAG, SELFMAG) != 0)
		return NULL;
	machine = head[EI_DATA] == ELFDATA2MSB ? (uint16_t)(at[0] << 8 | at[1])
					       : (uint16_t)(at[1] << 8 | at[0]);
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++) {
		if (arches[i].machine == machine)
			return arches[i].name;
	}
	return ARCH_UNKNOWN;
}

const char *arch_of(const struct rootfs *root, const char *config)
{
	const char *name = NULL;

	for (size_t i = 0; config && i < ARRAY_SIZE(arches); i++) {
		if (kernel_config_has(config, arches[i].config))
			return arches[i].name;
	}
	for (size_t i = 0; !name && i < ARRAY_SIZE(programs); i++)
		name = of_program(root, programs[i]);
	return name;
}

static const struct arch *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++) {
		if (strcmp(arches[i].name, name) == 0)
			return &arches[i];
	}
	return NULL;
}

const char *arch_known(const char *name)
{
	const struct arch *arch = find(name);

	return arch ? arch->name : NULL;
}

const char *arch_own(void)
{
	static const char *const names[][2] = {
		{ "x86_64", "amd64" },
		{ "aarch64", "arm64" },
	};
	static struct utsname uts;

	uname(&uts);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(uts.machine, names[i][0]) == 0)
			return names[i][1];
	}
	return uts.machine;
}

const char *arch_platform(const char *name)
{
	const struct arch *arch = find(name);

	return arch ? arch->platform : name;
}

void arch_program_head(const char *name, unsigned char head[ARCH_HEAD])
{
	const struct arch *arch = find(name);
	bool big = arch->data == ELFDATA2MSB;

	memset(head, 0, ARCH_HEAD);
	memcpy(head, ELFMAG, SELFMAG);
	head[EI_CLASS] = arch->class;
	head[EI_DATA] = arch->data;
	head[EI_VERSION] = EV_CURRENT;
	head[EI_NIDENT + (big ? 1 : 0)] = ET_EXEC;
	head[EI_NIDENT + 2] = (unsigned char)(big ? arch->machine >> 8 : arch->machine);
	head[EI_NIDENT + 3] = (unsigned char)(big ? arch->machine : arch->machine >> 8);
}

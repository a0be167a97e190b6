// SPDX-License-Identifier: GPL-2.0-or-later
#include "arch.h"

#include "common/macro.h"
#include "kernels.h"

#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#define MACHINE_LOONGARCH 258 /* EM_LOONGARCH, which older elf.h lack */

static const struct arch {
	const char *name;
	const char *config;
	uint16_t machine;
} arches[] = {
	{ "amd64", "CONFIG_X86_64", EM_X86_64 },
	{ "arm64", "CONFIG_ARM64", EM_AARCH64 },
	{ "i386", "CONFIG_X86_32", EM_386 },
	{ "armhf", "CONFIG_ARM", EM_ARM },
	{ "riscv64", "CONFIG_RISCV", EM_RISCV },
	{ "ppc64el", "CONFIG_PPC64", EM_PPC64 },
	{ "s390x", "CONFIG_S390", EM_S390 },
	{ "loong64", "CONFIG_LOONGARCH", MACHINE_LOONGARCH },
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
	return "unknown";
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

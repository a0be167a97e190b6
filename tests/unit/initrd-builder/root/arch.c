// SPDX-License-Identifier: GPL-2.0-or-later
/* The names of architectures, and the heads of their programs. */
#include "initrd-builder/root/arch.h"
#include "tests/unit/unit.h"

TEST(heads_are_those_of_programs)
{
	unsigned char head[ARCH_HEAD];

	arch_program_head("arm64", head);
	assert_memory_equal(head, "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\267\0", ARCH_HEAD);
	arch_program_head("armhf", head);
	assert_memory_equal(head, "\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\2\0\50\0", ARCH_HEAD);
	arch_program_head("s390x", head);
	assert_memory_equal(head, "\177ELF\2\2\1\0\0\0\0\0\0\0\0\0\0\2\0\26", ARCH_HEAD);
	arch_program_head("loong64", head);
	assert_memory_equal(head, "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\2\1", ARCH_HEAD);
}

TEST(names)
{
	assert_string_equal(arch_known("arm64"), "arm64");
	assert_null(arch_known("aarch64"));
	assert_null(arch_known(ARCH_UNKNOWN));
	assert_string_equal(arch_platform("i386"), "386");
	assert_string_equal(arch_platform("riscv64"), "riscv64");
}

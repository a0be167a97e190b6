// SPDX-License-Identifier: GPL-2.0-or-later
/* The lists of kernel modules. */
#include "initrd-builder/build/module_list.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

static const char *const paths[] = {
	"kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko.xz",
	"kernel/drivers/net/ethernet/8390/8390-p.ko",
	"kernel/drivers/net/ethernetics/no.ko",
	"kernel/drivers/net/loopback.ko",
	"updates/drivers/net/ethernet/intel/e1000e/e1000e.ko.zst",
	"extra/net/ethernet/other.ko",
	"drivers/net/ethernet/top.ko",
	NULL,
};

static void assert_list(const char *text, const char *expected)
{
	auto_strv char **words = module_list_words(text);
	auto_strv char **names = module_list_expand(words, (char *const *)paths);
	auto_free char *joined = strv_join(names, " ");

	assert_string_equal(joined, expected);
}

TEST(names_and_directories)
{
	assert_list("", "");
	assert_list("# nothing\n\n", "");
	assert_list("overlay loop # why\n\tcifs  overlay", "cifs loop overlay");
	assert_list("=drivers/net/ethernet", "8390_p e1000e");
	assert_list("=drivers/net/ethernet/intel nfs", "e1000e nfs");
	assert_list("=drivers/net/eth", "");
	assert_list("=", "");
}

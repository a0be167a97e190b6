// SPDX-License-Identifier: GPL-2.0-or-later
/* What the options of build ask for, and the lists of kernel modules that come of it. */
#include "initrd-builder/build/features.h"
#include "initrd-builder/build/kernel_half.h"
#include "initrd-builder/build/module_list.h"
#include "initrd-builder/build/userspace_key.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

TEST(options_and_their_values_make_a_set)
{
	auto_strv char **options = NULL;
	auto_free char *joined = NULL;
	features set = 0;

	assert_true(features_add(&set, "way", "short"));
	assert_true(features_add(&set, "with", "live"));
	assert_true(features_add(&set, "for", "vm"));
	assert_false(features_add(&set, "with", "short"));
	assert_false(features_add(&set, "way", "long"));
	options = features_options(set);
	joined = strv_join(options, " ");
	assert_string_equal(joined, "--way=short --for=vm --with=live");
}

static char *key_of(features with)
{
	const struct container container = {
		.engine = engine_find("docker"),
		.arch = "amd64",
		.image = (char *)"image",
		.id = (char *)"sha256:1",
	};
	const struct userspace userspace = { .container = &container, .with = with };
	auto_failure struct failure f = { 0 };
	char *key = NULL;

	assert_int_equal(userspace_key(&userspace, compression_choose(NULL), &key, &f), 0);
	return key;
}

TEST(the_way_is_the_userspace_s_and_the_machines_are_not)
{
	auto_free char *usual = key_of(0), *without = key_of(1U << FEATURE_SHORT);
	auto_free char *vm = key_of(1U << FEATURE_VM);

	assert_string_not_equal(usual, without);
	assert_string_equal(usual, vm);
}

static char *lists_of(features with)
{
	auto_failure struct failure f = { 0 };
	struct parts parts = { .path = {
				       [PART_MODULE] = (char *)"modules.d/50rootovl",
				       [PART_LEAN_MODULE] = (char *)"modules.d/51rootovl-lean",
				       [PART_SHORT_MODULE] = (char *)"modules.d/55rootovl-short",
			       } };
	char *text = NULL;

	assert_int_equal(kernel_half_lists(&parts, with, &text, &f), 0);
	return text;
}

static bool has(features with, const char *word)
{
	auto_free char *text = lists_of(with);
	auto_strv char **words = module_list_words(text);

	return strv_has(words, word);
}

TEST(lists_are_of_the_way_and_of_the_machines)
{
	assert_true(has(0, "bonding"));
	assert_false(has(1U << FEATURE_SHORT, "bonding"));
	assert_true(has(1U << FEATURE_SHORT, "=drivers/net/ethernet"));
	assert_true(has(1U << FEATURE_VM, "bonding"));
	assert_false(has(1U << FEATURE_VM, "=drivers/net/ethernet"));
	assert_true(has(1U << FEATURE_VM, "virtio_net"));
	assert_true(has(1U << FEATURE_VM, "overlay"));
	assert_false(has(1U << FEATURE_VM, "hpsa"));
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Names, addresses and sizes of hosts. */
#include "src/testbox/plan/host_file.h"
#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/testbox/plan/host_read.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* What `echo vm-2p8g-1 | md5sum` and `echo vm-2p8g-12 | md5sum` say. */
TEST(the_mac_is_compass_ci_s)
{
	auto_free char *first = host_mac("vm-2p8g-1", 1, '-');
	auto_free char *second = host_mac("vm-2p8g-1", 2, ':');

	assert_string_equal(first, "0a-6c-c0-5b-3a-4e");
	assert_string_equal(second, "0a:e3:d5:85:18:fd");
}

static void kinds_of(const char *name, const char *expected)
{
	auto_strv char **kinds = host_kinds(name);
	auto_free char *said = strv_join(kinds, " ");

	assert_string_equal(said, expected);
}

TEST(a_file_is_of_the_name_without_its_number_and_its_host)
{
	kinds_of("vm-2p8g-1", "vm-2p8g-1 vm-2p8g");
	kinds_of("vm-2p8g-123", "vm-2p8g-123 vm-2p8g");
	kinds_of("vm-2p8g", "vm-2p8g");
	kinds_of("vm-2p8g-", "vm-2p8g-");
	kinds_of("1", "1");
	kinds_of("a1", "a1");
	kinds_of("vm-2p8g.yuchuan-766969", "vm-2p8g.yuchuan-766969 vm-2p8g.yuchuan vm-2p8g");
	kinds_of("vm-2p8g.a-b.example.org-7",
		 "vm-2p8g.a-b.example.org-7 vm-2p8g.a-b.example.org vm-2p8g.a-b.example "
		 "vm-2p8g.a-b vm-2p8g");
	kinds_of("vm-2p8g.yuchuan", "vm-2p8g.yuchuan vm-2p8g");
}

static void has_size(const char *name, unsigned cpus, unsigned gb)
{
	auto_failure struct failure f = { 0 };
	struct host host;

	assert_int_equal(host_read(&host, name, NULL, NULL, &f), 0);
	assert_int_equal(host.cpus, cpus);
	assert_true(host.memory == (uint64_t)gb << 30);
	host_done(&host);
}

TEST(the_size_is_seen_in_all_names_of_compass_ci)
{
	has_size("vm-2p8g.yuchuan-766969", 2, 8);
	has_size("vm-2p8g.crystal.example.org-1", 2, 8);
	has_size("vm-hi1620-2p4g-3", 2, 4);
	has_size("vm-pxe-hi1620-1p1g.host_a-3", 1, 1);
	has_size("vm-2p32g-pxe.taishan200-2280-2s64p-256g-12", 2, 32);
	has_size("vt-2p16g-1", 2, 16);
	has_size("vm-16p64g", 16, 64);
}

TEST(the_size_of_results_is_a_size)
{
	auto_failure struct failure f = { 0 };
	struct host host;

	assert_int_equal(host_read(&host, "vm-1p1g-1", "f", "results_size: 3G", &f), 0);
	assert_true(host.results_size == 3ull << 30);
	host_done(&host);
	assert_int_equal(host_read(&host, "vm-1p1g-1", "f", "results_size: much", &f), -EINVAL);
	assert_string_equal(f.what, "f: line 1: results_size: a size such as 8G is wanted");
	host_done(&host);
}

TEST(a_name_is_no_path_and_no_option)
{
	static const char *const bad[] = {
		"",    ".",
		"..",  "a/b",
		"-a",  "a b",
		"a,b", ".a",
		"a\n", "a23456789012345678901234567890123456789012345678901234567890123x",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(host_name_valid(bad[i]));
	assert_true(host_name_valid("vm-2p8g--host.domain_1"));
}

static void size_is(const char *text, uint64_t expected)
{
	uint64_t size = 0;

	assert_int_equal(host_file_size(text, &size), 0);
	assert_true(size == expected);
}

TEST(sizes_have_units_of_1024)
{
	static const char *const bad[] = {
		"", "0", "G", "-1", "1X", "1GBx", "1 G", "1.5G", "9999999T", "99999999999999999999"
	};
	uint64_t size = 7;

	size_is("1", 1);
	size_is("64k", 64 << 10);
	size_is("512M", 512 << 20);
	size_is("8G", 8ull << 30);
	size_is("8GB", 8ull << 30);
	size_is("2T", 2ull << 40);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(host_file_size(bad[i], &size), -EINVAL);
	assert_true(size == 7);
}

/* On a line ".It Cm KEY : Ar VALUE", or on one with others. */
TEST(every_key_of_a_file_is_in_the_manual)
{
	auto_free char *page = NULL, *lines = xstrdup("");
	auto_strv char **words = NULL;

	assert_int_equal(file_read(AT_FDCWD, "man/testbox.8", 1 << 20, &page), 0);
	for (char *line = strtok(page, "\n"); line; line = strtok(NULL, "\n")) {
		auto_free char *before = lines;

		lines = xasprintf("%s%s ", before, strncmp(line, ".It Cm ", 7) ? "" : line + 7);
	}
	words = strv_split(lines, " ,");
	assert_non_null(host_file_key(0));
	for (size_t i = 0; host_file_key(i); i++)
		if (!strv_has(words, host_file_key(i)))
			fail_msg("%s is not in testbox(8)", host_file_key(i));
}

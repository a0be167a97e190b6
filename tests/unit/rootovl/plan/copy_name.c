// SPDX-License-Identifier: GPL-2.0-or-later
/* Which roots are copied, and the names of copies. */
#include "src/rootovl/plan/copy_name.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <string.h>

static bool dated(enum root_kind kind, const char *path)
{
	auto_free char *copy = path ? xstrdup(path) : NULL;
	struct root_source source = { .kind = kind, .path = copy };

	return copy_is_dated(&source);
}

TEST(a_date_is_found_wherever_it_stands)
{
	static const char *const paths[] = {
		"/os/debian-12-x86_64-20240501",
		"/os/debian/12/x86_64/2024-05-01",
		"/srv/2024-05-01/debian",
		"/os/debian-12-20240501-1230",
		"/os/openeuler-aarch64-202405011230",
		"/os/20240501123059",
		"/os/2024.05.01",
		"/os/centos_2024_05_01_x86",
		"/os/debian-2024-05-01T12:30",
		"/os/12/20240501.erofs",
		"/os/2024-05-01.1",
		"/os/a2024050112",
	};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (!dated(ROOT_NFS, paths[i]))
			fail_msg("%s has a date", paths[i]);
	assert_true(dated(ROOT_CIFS, "os/20240501"));
	assert_true(dated(ROOT_NBD, "debian-20240501"));
	assert_true(dated(ROOT_LIVE, "http://files/debian-20240501.erofs"));
}

TEST(what_is_no_date_is_none)
{
	static const char *const paths[] = {
		"/os/debian-12",
		"/os/openeuler/aarch64/20.03",
		"/os/ubuntu-22.04.1",
		"/os/2024-05",
		"/os/2024-13-01",
		"/os/2024-05-32",
		"/os/20241301",
		"/os/20240500",
		"/os/120240501",
		"/os/2024050",
		"/os/202405011",
		"/os/2024-05-011",
		"/os/2024-05.01",
		"/os/12024-05-01",
		"/os/18240501",
		"/os/20240501126099",
		"/os/2024050124",
		"/os/2024/05/01",
		"/os/2024-5-1",
		"/os/",
		"",
		"/os/202405011230590",
		"/os/2024-05-0",
	};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (dated(ROOT_NFS, paths[i]))
			fail_msg("%s has no date", paths[i]);
	assert_false(dated(ROOT_NBD, NULL));
	assert_false(dated(ROOT_LIVE, "http://files-20240501/debian.erofs"));
	assert_false(dated(ROOT_LIVE, "http://files-20240501"));
}

static char *key_of(const char *root, const char *digest)
{
	auto_failure struct failure f = { 0 };
	struct root_source source = { 0 };
	char *key;

	assert_int_equal(root_source_parse(&source, root, NULL, NULL, &f), 0);
	key = copy_key(&source, digest);
	root_source_done(&source);
	return key;
}

TEST(each_lower_has_a_key_of_its_own)
{
	static const char *const roots[] = {
		"nfs:a:/os/1",
		"nfs:b:/os/1",
		"nfs:a:/os/2",
		"nfs://a:2050/os/1",
		"nfs:a:/os/1:vers=3",
		"cifs://a/os/1",
		"cifs://u@a/os/1",
		"cifs://a/os/1,vers=1.0",
		"cifs://a/os/1,uid=5",
		"live:http://a/1.erofs",
		"live:https://a/1.erofs",
		"nbd:a:1",
	};
	char *ids[ARRAY_SIZE(roots)];

	for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
		auto_free char *key = key_of(roots[i], NULL);

		ids[i] = copy_id(key);
		assert_int_equal(strlen(ids[i]), 16);
		assert_int_equal(strspn(ids[i], "0123456789abcdef"), 16);
		for (size_t other = 0; other < i; other++)
			assert_string_not_equal(ids[i], ids[other]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(roots); i++)
		free(ids[i]);
}

TEST(a_key_is_one_line_without_a_password)
{
	auto_free char *key = key_of("cifs://u:S3CRET@a/os/x,password=S3CRET,vers=1.0", "ab12");

	assert_null(strstr(key, "S3CRET"));
	assert_null(strchr(key, '\n'));
	assert_non_null(strstr(key, "sha256 ab12"));
	assert_non_null(strstr(key, "vers=1.0"));
	free(key);
	key = key_of("nfs:a:/os/t\xe4st", NULL);
	assert_non_null(strstr(key, "/os/t\\xe4st"));
	free(key);
	key = key_of("nfs:a:/os/t\xc3\xa4st", NULL);
	assert_non_null(strstr(key, "/os/t\xc3\xa4st"));
}

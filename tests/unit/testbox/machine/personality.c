// SPDX-License-Identifier: GPL-2.0-or-later
/* The personality as the launcher takes and writes it; the helper reads what it writes. */
#include "src/testbox/machine/personality.h"
#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/configure/personality.h"
#include "tests/unit/unit.h"

#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int parse(struct personality *ret, const char *text, struct failure *f)
{
	auto_free char *copy = xstrdup(text);

	return personality_parse(ret, copy, f);
}

TEST(what_the_launcher_writes_the_helper_reads)
{
	auto_failure struct failure f = { 0 };
	struct personality personality;
	struct personality_facts facts;
	auto_free char *text = NULL;
	struct crypt_data data = { 0 };

	assert_int_equal(
		parse(&personality, "ip=10.0.0.7/24,hostname=box-1,password=a,b=c \"x", &f), 0);
	text = personality_text(&personality);
	assert_null(strstr(text, "a,b=c"));
	assert_int_equal(personality_take(&facts, text, &f), 0);
	assert_string_equal(facts.hostname, "box-1");
	assert_string_equal(facts.address, "10.0.0.7/24");
	assert_string_equal(crypt_r("a,b=c \"x", facts.password, &data), facts.password);
	personality_free(&facts);
	personality_done(&personality);
}

TEST(a_password_is_the_first_line_of_its_file)
{
	static const char *const files[] = { "a,b=c \"x\n", "a,b=c \"x", "a,b=c \"x\n\nmore" };
	auto_failure struct failure f = { 0 };
	struct personality personality;
	struct crypt_data data = { 0 };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[] = "/tmp/password,XXXXXX";
		auto_free char *text = NULL;
		int fd = mkstemp(path);

		assert_true(write(fd, files[i], strlen(files[i])) > 0);
		close(fd);
		text = xasprintf("hostname=a,password-file=%s", path);
		assert_int_equal(parse(&personality, text, &f), 0);
		unlink(path);
		assert_string_equal(crypt_r("a,b=c \"x", personality.password, &data),
				    personality.password);
		personality_done(&personality);
	}
	assert_int_equal(parse(&personality, "password-file=/no/such", &f), -ENOENT);
	assert_string_equal(f.what, "--personality: /no/such: No such file or directory");
	personality_done(&personality);
	assert_int_equal(parse(&personality, "password-file=/dev/null", &f), -EINVAL);
	personality_done(&personality);
	assert_int_equal(parse(&personality, "password-file=/dev/null,password=a", &f), -ENOENT);
	personality_done(&personality);
}

TEST(the_password_is_wiped_where_it_was_read)
{
	char text[] = "hostname=a,password=S3CRET";
	auto_failure struct failure f = { 0 };
	struct personality personality;

	assert_int_equal(personality_parse(&personality, text, &f), 0);
	for (size_t i = 0; i + 6 <= sizeof(text); i++)
		assert_true(memcmp(text + i, "S3CRET", 6) != 0);
	personality_done(&personality);
}

TEST(an_address_without_prefix_is_one_host_s)
{
	auto_failure struct failure f = { 0 };
	struct personality personality;

	assert_int_equal(parse(&personality, "ip=fd00::7", &f), 0);
	assert_string_equal(personality.ip, "fd00::7/128");
	assert_true(personality_is(&personality));
	personality_done(&personality);
}

TEST(the_launcher_refuses)
{
	static const char *const bad[] = {
		"",
		"x=y",
		"hostname=",
		"hostname=a/b",
		"ip=1.2.3",
		"ip=1.2.3.4/",
		"ip=1.2.3.4/33",
		"ip=1.2.3.4/0",
		"password=",
		"hostname=a,,ip=1.2.3.4",
		"hostname=a,hostname=b",
		"ip=1.2.3.4/-1",
		"hostname=-a",
		"ip=1.2.3.4\n/24",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		auto_failure struct failure f = { 0 };
		struct personality personality;

		assert_int_equal(parse(&personality, bad[i], &f), -EINVAL);
		personality_done(&personality);
	}
}

/* The text of the ISO's one file begins at a multiple of a block. */
static bool holds(const char *iso, size_t len, const char *text)
{
	for (size_t at = 0; at + strlen(text) <= len; at += 2048)
		if (!memcmp(iso + at, text, strlen(text)))
			return true;
	return false;
}

TEST(the_iso_is_made_in_a_jail_and_nothing_else_stays)
{
	auto_failure struct failure f = { 0 };
	char dir[] = "/tmp/test_iso.XXXXXX";
	struct personality personality;
	auto_free char *text = NULL, *path = NULL, *iso = NULL;
	auto_strv char **names = NULL;
	auto_close int top = -1, fd = -1;
	size_t len;

	assert_non_null(mkdtemp(dir));
	path = xasprintf("%s/personality.iso", dir);
	assert_int_equal(parse(&personality, "hostname=box-1,ip=10.0.0.7/24", &f), 0);
	assert_int_equal(personality_make_iso(&personality, path, NULL, &f), 0);
	text = personality_text(&personality);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(file_read_fd(fd, 16 << 20, &iso, &len), 0);
	assert_true(holds(iso, len, text));
	top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(file_names(top, &names), 0);
	assert_int_equal(strv_len(names), 1);
	personality_done(&personality);
	file_remove_tree(dir);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The answer of a jail in which a script was read: lies are seen. */
#include "src/testbox/plan/script_packed.h"

#include "src/common/mem.h"
#include "src/common/packed.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#define BASE "http://sched:3000/boot"

/* The script that each test makes a lie of, and what is taken of it. */
static struct boot_script script;
static char *answer;
static size_t len;

int unit_set_up(void **state)
{
	(void)state;
	script = (struct boot_script){ .end = BOOT_SCRIPT_BOOT };
	script.kernel = xstrdup("http://os/vmlinuz");
	script.args = xstrdup("quiet");
	strv_add(&script.initrds, xstrdup("http://os/a.cgz"));
	return 0;
}

int unit_tear_down(void **state)
{
	(void)state;
	boot_script_done(&script);
	free(answer);
	answer = NULL;
	return 0;
}

static void put(void)
{
	const struct variables none = { 0 };
	FILE *out;

	free(answer);
	out = open_memstream(&answer, &len);
	script_packed_put(out, &script, &none);
	fclose(out);
}

static int take(const char *base)
{
	auto_failure struct failure f = { 0 };
	struct variables variables = { 0 };
	struct boot_script taken = { 0 };
	int r = script_packed_take(answer, len, base, &variables, &taken, &f);

	boot_script_done(&taken);
	variables_done(&variables);
	return r;
}

TEST(the_truth_is_taken)
{
	put();
	assert_int_equal(take(BASE), 0);
	assert_int_equal(take(NULL), 0);
}

TEST(no_file_of_this_host_is_named)
{
	set_text(&script.initrds[0], xstrdup("file:///etc/shadow"));
	put();
	assert_int_equal(take(BASE), -EPROTO);
	assert_int_equal(take(NULL), -EPROTO);
	assert_int_equal(take("file:///srv/boot.ipxe"), 0);
	set_text(&script.initrds[0], xstrdup("http://os/a.cgz"));
	set_text(&script.kernel, xstrdup("file:///etc/shadow"));
	put();
	assert_int_equal(take(BASE), -EPROTO);
}

TEST(a_boot_has_a_kernel_and_a_chain_has_an_end)
{
	set_text(&script.kernel, NULL);
	put();
	assert_int_equal(take(BASE), -EPROTO);
	script.end = BOOT_SCRIPT_CHAIN;
	put();
	assert_int_equal(take(BASE), -EPROTO);
	script.end = BOOT_SCRIPT_EXIT;
	put();
	assert_int_equal(take(BASE), 0);
	script.end = BOOT_SCRIPT_EXIT + 1;
	put();
	assert_int_equal(take(BASE), -EPROTO);
}

TEST(numbers_and_lengths_have_their_limits)
{
	script.wishes.nr_disk = 25;
	put();
	assert_int_equal(take(BASE), -EPROTO);
	script.wishes.nr_disk = 24;
	set_text(&script.job_id, xstrdup("../x"));
	put();
	assert_int_equal(take(BASE), -EPROTO);
	set_text(&script.job_id, xstrdup("x"));
	set_text(&script.args, xcalloc(3000, 1));
	memset(script.args, 'a', 2048);
	put();
	assert_int_equal(take(BASE), -EPROTO);
	script.args[2047] = '\0';
	put();
	assert_int_equal(take(BASE), 0);
}

TEST(each_answer_that_is_cut_or_too_long_or_has_another_number_is_a_lie)
{
	size_t whole;

	put();
	whole = len;
	for (len = 0; len < whole; len++)
		assert_int_equal(take(BASE), -EPROTO);
	answer = xreallocarray(answer, whole + 1, 1);
	answer[whole] = 0;
	len = whole + 1;
	assert_int_equal(take(BASE), -EPROTO);
	/* A length of each part. */
	len = whole;
	for (size_t i = 0; i + 8 <= whole; i++) {
		char before[8];

		memcpy(before, answer + i, 8);
		memset(answer + i, 0x7f, 8);
		(void)take(BASE);
		memcpy(answer + i, before, 8);
	}
	assert_int_equal(take(BASE), 0);
}

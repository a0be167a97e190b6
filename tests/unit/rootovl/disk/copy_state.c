// SPDX-License-Identifier: GPL-2.0-or-later
/* The state of a copy: what is written reads back, and no other text is taken. */
#include "src/rootovl/disk/copy_state.h"
#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static char of[] = "nfs a:/os/1\n. 1714560000.000000000\netc 0.000000000\n";

static char *scratch;
static int dir = -1;

static void a_state_reads_back_as_it_was(void **state)
{
	const struct copy_state states[] = {
		{ .kind = COPY_PART, .of = of },
		{ .kind = COPY_WHOLE,
		  .of = of,
		  .entries = 1,
		  .bytes = UINT64_MAX,
		  .room = 4096,
		  .tries = 2 },
		{ .kind = COPY_LARGE, .disk = 1ull << 40 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		auto_copy_state struct copy_state is = { 0 };

		assert_int_equal(copy_state_write(dir, &states[i]), 0);
		assert_int_equal(copy_state_read(dir, &is), 0);
		assert_int_equal(is.kind, states[i].kind);
		if (states[i].of)
			assert_string_equal(is.of, of);
		else
			assert_null(is.of);
		assert_true(is.entries == states[i].entries && is.bytes == states[i].bytes);
		assert_true(is.room == states[i].room && is.tries == states[i].tries);
		assert_true(is.disk == states[i].disk);
	}
}

static void put(const char *text)
{
	assert_int_equal(file_write(dir, "state", text, 0600), 0);
}

static void any_other_text_is_refused(void **state)
{
#define NUMBERS "entries 1\nbytes 1\nroom 1\ntries 1\n"
	static const char *const texts[] = {
		"",
		"\n",
		"nonsense\n",
		"{\"of\": \"a\"}\n",
		"copy whole\n",
		"copy part\nof a\n",
		"copy whole\n" NUMBERS "disk 1\n",
		"copy whole\n" NUMBERS "disk 1\nof a",
		"copy whole\n" NUMBERS "disk 1\nof a\ndisk 1\n",
		"copy whole\n" NUMBERS "of a\ndisk 1\n",
		"copy whole\n" NUMBERS NUMBERS "disk 1\nof a\n",
		"copy half\n" NUMBERS "disk 1\nof a\n",
		"copy large\n" NUMBERS "disk 1\nof a\n",
		"copy large\n" NUMBERS "disk\n",
		"copy large\n" NUMBERS "disk \n",
		"copy large\n" NUMBERS "disk -1\n",
		"copy large\n" NUMBERS "disk +1\n",
		"copy large\n" NUMBERS "disk 1k\n",
		"copy large\n" NUMBERS "disk 99999999999999999999\n",
		"copy large\n" NUMBERS "disk 1\nstrange 1\n",
		("disk 1\ncopy large\n" NUMBERS),
	};
	auto_copy_state struct copy_state good = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		auto_copy_state struct copy_state is = { 0 };

		put(texts[i]);
		if (copy_state_read(dir, &is) != -EINVAL)
			fail_msg("taken: %s", texts[i]);
		assert_null(is.of);
	}
	put("copy large\n" NUMBERS "disk 1\n");
	assert_int_equal(copy_state_read(dir, &good), 0);
}

static void one_that_is_too_long_or_a_link_is_refused(void **state)
{
	auto_copy_state struct copy_state is = { 0 };
	auto_free char *text = xcalloc(20001, 1);

	(void)state;
	memset(text, 'a', 20000);
	text[19999] = '\n';
	put(text);
	assert_int_equal(copy_state_read(dir, &is), -EFBIG);
	assert_int_equal(copy_state_remove(dir), 0);
	assert_int_equal(copy_state_read(dir, &is), -ENOENT);
	assert_int_equal(symlinkat("/etc/passwd", dir, "state"), 0);
	assert_int_equal(copy_state_read(dir, &is), -ELOOP);
	assert_int_equal(copy_state_remove(dir), 0);
}

static void a_copy_that_is_unmade_is_a_part(void **state)
{
	const struct copy_state whole = { .kind = COPY_WHOLE, .of = of, .entries = 1, .tries = 3 };
	auto_copy_state struct copy_state is = { 0 };

	(void)state;
	assert_int_equal(copy_state_write(dir, &whole), 0);
	assert_int_equal(copy_state_unmake(dir), 0);
	assert_int_equal(copy_state_read(dir, &is), 0);
	assert_int_equal(is.kind, COPY_PART);
	assert_string_equal(is.of, of);
	copy_state_done(&is);
	put("nonsense\n");
	assert_int_equal(copy_state_unmake(dir), 0);
	assert_int_equal(copy_state_read(dir, &is), -ENOENT);
	assert_int_equal(copy_state_unmake(dir), 0);
}

static void a_state_is_of_the_lower_with_its_key(void **state)
{
	(void)state;
	assert_true(copy_state_is_of("a key\n. 1.0\n", "a key"));
	assert_false(copy_state_is_of("a key", "a key"));
	assert_false(copy_state_is_of("a key2\n", "a key"));
	assert_false(copy_state_is_of("a\n", "a key"));
}

static int make_scratch(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	scratch = xasprintf("%s/rootovl-state-XXXXXX", tmp ? tmp : "/tmp");
	dir = mkdtemp(scratch) ? open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	return dir < 0 ? -1 : 0;
}

static int remove_scratch(void **state)
{
	(void)state;
	close(dir);
	file_remove_tree(scratch);
	free(scratch);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_reads_back_as_it_was),
		cmocka_unit_test(any_other_text_is_refused),
		cmocka_unit_test(one_that_is_too_long_or_a_link_is_refused),
		cmocka_unit_test(a_copy_that_is_unmade_is_a_part),
		cmocka_unit_test(a_state_is_of_the_lower_with_its_key),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("copy_state", tests, make_scratch, remove_scratch);
}

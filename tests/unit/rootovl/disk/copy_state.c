// SPDX-License-Identifier: GPL-2.0-or-later
/* The state of a copy: what is written reads back, and no other text is taken. */
#include "src/rootovl/disk/copy_state.h"
#include "src/common/files.h"
#include "src/common/mem.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

static char of[] = "nfs a:/os/1\n. 1714560000.000000000\netc 0.000000000\n";

TEST(a_state_reads_back_as_it_was)
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

	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		auto_copy_state struct copy_state is = { 0 };

		assert_int_equal(copy_state_write(tree_fd, &states[i]), 0);
		assert_int_equal(copy_state_read(tree_fd, &is), 0);
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
	assert_int_equal(file_write(tree_fd, "state", text, 0600), 0);
}

TEST(any_other_text_is_refused)
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

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		auto_copy_state struct copy_state is = { 0 };

		put(texts[i]);
		if (copy_state_read(tree_fd, &is) != -EINVAL)
			fail_msg("taken: %s", texts[i]);
		assert_null(is.of);
	}
	put("copy large\n" NUMBERS "disk 1\n");
	assert_int_equal(copy_state_read(tree_fd, &good), 0);
}

TEST(one_that_is_too_long_or_a_link_is_refused)
{
	auto_copy_state struct copy_state is = { 0 };
	auto_free char *text = xcalloc(20001, 1);

	memset(text, 'a', 20000);
	text[19999] = '\n';
	put(text);
	assert_int_equal(copy_state_read(tree_fd, &is), -EFBIG);
	assert_int_equal(copy_state_remove(tree_fd), 0);
	assert_int_equal(copy_state_read(tree_fd, &is), -ENOENT);
	assert_int_equal(symlinkat("/etc/passwd", tree_fd, "state"), 0);
	assert_int_equal(copy_state_read(tree_fd, &is), -ELOOP);
	assert_int_equal(copy_state_remove(tree_fd), 0);
}

TEST(a_copy_that_is_unmade_is_a_part)
{
	const struct copy_state whole = { .kind = COPY_WHOLE, .of = of, .entries = 1, .tries = 3 };
	auto_copy_state struct copy_state is = { 0 };

	assert_int_equal(copy_state_write(tree_fd, &whole), 0);
	assert_int_equal(copy_state_unmake(tree_fd), 0);
	assert_int_equal(copy_state_read(tree_fd, &is), 0);
	assert_int_equal(is.kind, COPY_PART);
	assert_string_equal(is.of, of);
	copy_state_done(&is);
	put("nonsense\n");
	assert_int_equal(copy_state_unmake(tree_fd), 0);
	assert_int_equal(copy_state_read(tree_fd, &is), -ENOENT);
	assert_int_equal(copy_state_unmake(tree_fd), 0);
}

TEST(a_state_is_of_the_lower_with_its_key)
{
	assert_true(copy_state_is_of("a key\n. 1.0\n", "a key"));
	assert_false(copy_state_is_of("a key", "a key"));
	assert_false(copy_state_is_of("a key2\n", "a key"));
	assert_false(copy_state_is_of("a\n", "a key"));
}

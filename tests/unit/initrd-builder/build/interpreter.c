// SPDX-License-Identifier: GPL-2.0-or-later
/* What runs the programs of another architecture. */
#include "initrd-builder/build/interpreter.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <errno.h>

/* As qemu-user-static registers it, and as the kernel shows it. */
#define MAGIC "7f454c460201010000000000000000000200b700"
#define MASK  "ffffffffffffff00fffffffffffffffffeffffff"
#define ENTRY(state, flags, offset, magic, mask)                                                   \
	state "\ninterpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P\nflags: " flags             \
	      "\noffset " offset "\nmagic " magic "\nmask " mask "\n"
#define GOOD ENTRY("enabled", "PF", "0", MAGIC, MASK)

/* `expected` NULL: they run. */
static void assert_runs(const char *arch, const char *expected)
{
	auto_failure struct failure f = { 0 };
	int r = interpreter_check(tree, arch, &f);

	if (!expected) {
		assert_int_equal(r, 0);
		return;
	}
	assert_int_equal(r, -ENOEXEC);
	assert_non_null(strstr(f.what, expected));
	assert_non_null(f.hint);
}

TEST(an_interpreter_is_found_by_what_it_takes)
{
	tree_file("status", "enabled\n");
	assert_runs("arm64", "runs no programs of arm64: ");
	/* Others, of other magic: Java's, Python's, of a suffix. */
	tree_file("jar",
		  "enabled\ninterpreter /usr/bin/jexec\nflags: \noffset 0\nmagic 504b0304\n");
	tree_file("suffix", "enabled\ninterpreter /usr/bin/x\nflags: F\nextension .x\n");
	assert_runs("arm64", "runs no programs of arm64: ");
	tree_file("any-name", GOOD);
	assert_runs("arm64", NULL);
	assert_runs("amd64", "runs no programs of amd64: ");
	assert_runs("s390x", "runs no programs of s390x: ");
	tree_file("status", "disabled\n");
	assert_runs("arm64", "is disabled");
}

TEST(an_interpreter_that_containers_do_not_see_is_none)
{
	tree_file("status", "enabled\n");
	tree_file("qemu-aarch64", ENTRY("enabled", "OP", "0", MAGIC, MASK));
	assert_runs("arm64", "containers run no programs of arm64");
	tree_file("second", GOOD);
	assert_runs("arm64", NULL);
}

TEST(entries_that_do_not_run_it)
{
	static const char *const texts[] = {
		"",
		"\n",
		"enabled",
		"enabled\n",
		"enabled\nflags: F\noffset 0\nmagic \n",
		"enabled\nflags: F\noffset 0\nmagic 7f4\nmask ff\n",
		"enabled\nflags: F\noffset 0\nmagic zz\n",
		ENTRY("disabled", "PF", "0", MAGIC, MASK),
		ENTRY("enabled", "PF", "4", MAGIC, MASK),
		ENTRY("enabled", "PF", "0", MAGIC "00", MASK "00"),
		ENTRY("enabled", "PF", "0", MAGIC, "fg"),
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		tree_file("entry", texts[i]);
		assert_runs("arm64", "runs no programs of arm64: ");
	}
	/* Without a mask every bit counts. */
	tree_file("entry", "enabled\nflags: F\noffset 0\nmagic " MAGIC "\n");
	assert_runs("arm64", NULL);
}

TEST(without_binfmt_misc)
{
	auto_failure struct failure f = { 0 };

	assert_int_equal(interpreter_check("/nonexistent", "arm64", &f), -ENOEXEC);
	assert_string_equal(f.hint, "install qemu-user-static, and mount binfmt_misc");
}

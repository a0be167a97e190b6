// SPDX-License-Identifier: GPL-2.0-or-later
/* How much a machine puts into its results: what is counted, and what is too much. */
#include "src/testbox/machine/results_room.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB (1ull << 20)

static char top[] = "/tmp/results_room.XXXXXX";
static int dir;
static struct results_room room;

int unit_set_up(void **state)
{
	(void)state;
	strcpy(strrchr(top, '.'), ".XXXXXX");
	assert_non_null(mkdtemp(top));
	dir = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(dir >= 0);
	return 0;
}

int unit_tear_down(void **state)
{
	(void)state;
	results_room_end(&room);
	close(dir);
	file_remove_tree(top);
	return 0;
}

static void make(int at, const char *name, size_t size)
{
	auto_close int fd = openat(at, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	auto_free char *data = xcalloc(size, 1);

	memset(data, 'x', size);
	assert_int_equal(file_write_fd(fd, data, size), 0);
	assert_int_equal(fsync(fd), 0);
}

static void begin(uint64_t size)
{
	auto_failure struct failure f = { 0 };

	assert_int_equal(results_room_begin(&room, dir, size, &f), 0);
}

/* Looks until a walk that began from now on has ended. */
static int look(struct failure *f)
{
	int r = 0;

	for (int walks = 0; r == 0 && walks < 2; walks += room.depth == 0) {
		room.next_ms = 0;
		r = results_room_look(&room, "RESULTS", f);
	}
	return r;
}

TEST(what_is_added_counts_and_what_was_there_does_not)
{
	auto_failure struct failure f = { 0 };

	make(dir, "before", 4 * MIB);
	begin(2 * MIB);
	assert_int_equal(look(&f), 0);
	assert_int_equal(mkdirat(dir, "below", 0700), 0);
	make(dir, "below/one", MIB);
	assert_int_equal(look(&f), 0);
	make(dir, "below/two", 2 * MIB);
	assert_int_equal(look(&f), -EFBIG);
	assert_string_equal(f.what, "RESULTS: the machine's results take more than 2 MiB");
}

TEST(names_of_one_file_count_once_and_links_lead_nowhere)
{
	auto_failure struct failure f = { 0 };

	begin(2 * MIB);
	make(dir, "file", MIB);
	assert_int_equal(linkat(dir, "file", dir, "again", 0), 0);
	assert_int_equal(linkat(dir, "file", dir, "and again", 0), 0);
	assert_int_equal(symlinkat("/usr", dir, "link"), 0);
	assert_int_equal(look(&f), 0);
}

TEST(folders_too_deep_to_be_counted_are_too_much_unless_they_were_there)
{
	auto_failure struct failure f = { 0 };
	int at = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int i = 0; i < RESULTS_DEPTH_MAX + 2; i++) {
		int next;

		if (i == 10)
			begin(16 * MIB);
		assert_int_equal(mkdirat(at, "d", 0700), 0);
		next = openat(at, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(at);
		at = next;
	}
	close(at);
	assert_int_equal(look(&f), -EFBIG);
	assert_string_equal(f.what, "RESULTS: the machine made folders too deep to be counted");
	results_room_end(&room);
	begin(16 * MIB);
	assert_int_equal(look(&f), 0);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Which copy goes for another. */
#include "src/rootovl/booted/copy_evict.h"
#include "tests/unit/unit.h"

#include <stdint.h>

#define GIB		  ((uint64_t)1 << 30)
#define DISK(bytes, free) ((const struct copy_space){ .size = (bytes), .available = (free) })

TEST(what_was_unused_for_longest_goes_first)
{
	const struct copy_entry others[] = {
		{ .used = 300, .room = 2 * GIB },
		{ .used = 100, .room = 2 * GIB },
		{ .used = 200, .room = 2 * GIB },
	};

	/* 20 GiB: 10 for copies */
	assert_int_equal(copy_evict(others, 3, 4 * GIB - 5, 5, &DISK(20 * GIB, 9 * GIB)),
			 COPY_EVICT_NONE);
	assert_int_equal(copy_evict(others, 3, 4 * GIB, 1, &DISK(20 * GIB, 9 * GIB)), 1);
	assert_int_equal(copy_evict(others, 1, 8 * GIB, 1, &DISK(20 * GIB, 9 * GIB)), 0);
	assert_int_equal(copy_evict(NULL, 0, 10 * GIB - 1, 1, &DISK(20 * GIB, 9 * GIB)),
			 COPY_EVICT_NONE);
}

TEST(a_tenth_of_the_disk_stays_free)
{
	const struct copy_entry other = { .used = 1, .room = GIB };

	assert_int_equal(copy_evict(NULL, 0, 0, GIB, &DISK(20 * GIB, 3 * GIB)), COPY_EVICT_NONE);
	assert_int_equal(copy_evict(NULL, 0, 0, GIB, &DISK(20 * GIB, 3 * GIB - 1)),
			 COPY_EVICT_FULL);
	assert_int_equal(copy_evict(&other, 1, 0, GIB, &DISK(20 * GIB, 3 * GIB - 1)), 0);
	assert_int_equal(copy_evict(NULL, 0, 0, GIB, &DISK(20 * GIB, 0)), COPY_EVICT_FULL);
}

TEST(a_disk_full_of_other_things_costs_no_copy)
{
	const struct copy_entry others[] = {
		{ .used = 2, .room = GIB },
		{ .used = 1, .room = GIB / 2 },
	};

	assert_int_equal(copy_evict(others, 2, 0, GIB, &DISK(20 * GIB, 3 * GIB / 2)), 1);
	assert_int_equal(copy_evict(others, 2, 0, GIB, &DISK(20 * GIB, 3 * GIB / 2 - 1)),
			 COPY_EVICT_FULL);
	assert_int_equal(copy_evict(others, 2, 0, GIB, &DISK(20 * GIB, 0)), COPY_EVICT_FULL);
	/* More is free than there is. */
	assert_int_equal(copy_evict(others, 2, 9 * GIB, GIB, &DISK(20 * GIB, UINT64_MAX)), 1);
}

TEST(a_tenth_of_the_inodes_stays_free)
{
	const struct copy_entry others[] = {
		{ .used = 2, .room = GIB, .objects = 60000 },
		{ .used = 1, .room = GIB, .objects = UINT64_MAX },
	};
	struct copy_space disk = DISK(20 * GIB, 9 * GIB);

	disk.inodes = 1000000;
	disk.inodes_free = 100000;
	assert_int_equal(copy_evict(others, 2, 0, 1, &disk), COPY_EVICT_NONE);
	disk.inodes_free--;
	assert_int_equal(copy_evict(others, 2, 0, 1, &disk), 1);
	assert_int_equal(copy_evict(NULL, 0, 0, 1, &disk), COPY_EVICT_FULL);
	disk.inodes_free = 40000;
	assert_int_equal(copy_evict(others, 1, 0, 1, &disk), 0);
	/* Others than copies have them. */
	disk.inodes_free--;
	assert_int_equal(copy_evict(others, 1, 0, 1, &disk), COPY_EVICT_FULL);
}

TEST(one_that_is_too_large_drives_out_no_other)
{
	const struct copy_entry other = { .used = 1, .room = GIB };

	assert_int_equal(copy_evict(&other, 1, 10 * GIB, 1, &DISK(20 * GIB, 9 * GIB)),
			 COPY_EVICT_LARGER);
	assert_int_equal(copy_evict(&other, 1, 0, 11 * GIB, &DISK(20 * GIB, 19 * GIB)),
			 COPY_EVICT_LARGER);
	assert_int_equal(copy_evict(&other, 1, 0, UINT64_MAX, &DISK(20 * GIB, 19 * GIB)),
			 COPY_EVICT_LARGER);
}

TEST(a_note_that_lies_about_room_overflows_nothing)
{
	const struct copy_entry others[] = {
		{ .used = 2, .room = UINT64_MAX },
		{ .used = 1, .room = UINT64_MAX - 5 },
	};

	assert_int_equal(copy_evict(others, 2, 5, 1, &DISK(20 * GIB, 19 * GIB)), 1);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/booted/copy_evict.h"

int copy_evict(const struct copy_entry *others, size_t n, uint64_t part, uint64_t more,
	       const struct copy_space *space)
{
	const uint64_t size = space->size, free = space->available, most = size / 2;
	uint64_t all = part, gain = free < size ? free : size, inodes = space->inodes_free;
	int oldest = -1;

	if (more > most || part > most - more)
		return COPY_EVICT_LARGER;
	for (size_t i = 0; i < n; i++) {
		/* The numbers come from files that any program may have written. */
		all = others[i].room > size - all ? size : all + others[i].room;
		gain = others[i].room > size - gain ? size : gain + others[i].room;
		inodes = others[i].objects > UINT64_MAX - inodes ? UINT64_MAX
								 : inodes + others[i].objects;
		if (oldest < 0 || others[i].used < others[oldest].used)
			oldest = (int)i;
	}
	if (all <= most - more && free >= more && free - more >= size / 10 &&
	    space->inodes_free >= space->inodes / 10)
		return COPY_EVICT_NONE;
	/* Evicting all of them would not be enough. */
	if (gain < more || gain - more < size / 10 || inodes < space->inodes / 10)
		return COPY_EVICT_FULL;
	return oldest >= 0 ? oldest : COPY_EVICT_FULL;
}

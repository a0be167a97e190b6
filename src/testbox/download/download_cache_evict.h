/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What leaves the cache of downloads, and when. */
#pragma once

#include "src/testbox/download/download_cache.h"

/*
 * Removes the entries that were not used for `days`, then those that were not used for longest,
 * until at most `bytes` are left. An entry that another process downloads at the moment stays.
 * Returns how many entries it removed.
 */
unsigned download_cache_evict(const struct download_cache *cache, uint64_t bytes, unsigned days);

/*
 * Removes the entries that were not used for longest, until `bytes` are free that they took; none
 * if all of them together take less. Returns how many entries it removed.
 */
unsigned download_cache_evict_some(const struct download_cache *cache, uint64_t bytes);

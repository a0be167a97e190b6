// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/download_cache_evict.h"

#include "src/common/json.h"
#include "src/common/mem.h"
#include "src/testbox/download/download_cache_key.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct kept {
	char key[DOWNLOAD_CACHE_KEY_ROOM];
	uint64_t bytes;
	time_t used; /* the newest time of all its files */
	char **names;
};

struct listing {
	struct kept *items;
	size_t n;
};

static struct kept *item_of(struct listing *listing, const char *name)
{
	struct kept *item;

	for (size_t i = 0; i < listing->n; i++)
		if (download_cache_key_is_of(name, listing->items[i].key))
			return &listing->items[i];
	listing->items = xreallocarray(listing->items, listing->n + 1, sizeof(*listing->items));
	item = &listing->items[listing->n++];
	*item = (struct kept){ 0 };
	memcpy(item->key, name, sizeof(item->key) - 1);
	return item;
}

static void list_files(int dir, struct listing *listing)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_dir DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *found;

	while (stream && (found = readdir(stream))) {
		struct stat st;
		struct kept *item;

		if (!download_cache_key_begins(found->d_name) ||
		    fstatat(dir, found->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		item = item_of(listing, found->d_name);
		strv_add(&item->names, xstrdup(found->d_name));
		item->bytes += (uint64_t)st.st_blocks * 512;
		if (st.st_mtime > item->used)
			item->used = st.st_mtime;
	}
}

static void listing_done(struct listing *listing)
{
	for (size_t i = 0; i < listing->n; i++)
		strv_free(listing->items[i].names);
	free(listing->items);
}

static int longest_unused_first(const void *a, const void *b)
{
	const struct kept *one = a, *other = b;

	return (one->used > other->used) - (one->used < other->used);
}

/* Removes what a killed process left: files that are neither complete nor known. */
static void remove_leftovers(int dir, const struct kept *item)
{
	auto_free char *known = xasprintf("%s.json", item->key);
	auto_close int fd = openat(dir, known, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	auto_json json_t *object = fd < 0 ? NULL : json_loadfd(fd, 0, NULL);
	const char *file = json_string_value(json_object_get(object, "file"));

	for (size_t i = 0; item->names[i]; i++) {
		const char *end = strrchr(item->names[i], '.');

		if ((!strcmp(end, ".file") && (!file || strcmp(item->names[i], file) != 0)) ||
		    !strcmp(end, ".new"))
			unlinkat(dir, item->names[i], 0);
	}
}

static bool remove_item(int dir, const struct kept *item, bool whole)
{
	auto_close int lock = download_cache_key_lock(dir, item->key);
	auto_free char *lock_name = xasprintf("%s.lock", item->key);

	if (lock < 0)
		return false;
	if (!whole) {
		remove_leftovers(dir, item);
		return false;
	}
	/* The lock goes last: the next one who wants the entry makes its own. */
	for (size_t i = 0; item->names[i]; i++)
		if (strcmp(item->names[i], lock_name) != 0)
			unlinkat(dir, item->names[i], 0);
	return unlinkat(dir, lock_name, 0) == 0;
}

static bool has_leftovers(const struct kept *item)
{
	unsigned files = 0;

	for (size_t i = 0; item->names[i]; i++) {
		const char *end = strrchr(item->names[i], '.');

		files += !strcmp(end, ".file");
		if (!strcmp(end, ".new"))
			return true;
	}
	return files > 1;
}

static uint64_t list_cache(const struct download_cache *cache, struct listing *listing)
{
	uint64_t total = 0;

	list_files(cache->dir, listing);
	if (listing->n)
		qsort(listing->items, listing->n, sizeof(*listing->items), longest_unused_first);
	for (size_t i = 0; i < listing->n; i++)
		total += listing->items[i].bytes;
	return total;
}

unsigned download_cache_evict(const struct download_cache *cache, uint64_t bytes, unsigned days)
{
	time_t oldest = time(NULL) - (time_t)days * 86400;
	struct listing listing = { 0 };
	uint64_t total = list_cache(cache, &listing);
	unsigned gone = 0;

	for (size_t i = 0; i < listing.n; i++) {
		const struct kept *item = &listing.items[i];
		bool whole = item->used < oldest || total > bytes;

		if (!whole && !has_leftovers(item))
			continue;
		if (remove_item(cache->dir, item, whole)) {
			total -= item->bytes;
			gone++;
		}
	}
	listing_done(&listing);
	return gone;
}

unsigned download_cache_evict_some(const struct download_cache *cache, uint64_t bytes)
{
	struct listing listing = { 0 };
	uint64_t total = list_cache(cache, &listing), freed = 0;
	unsigned gone = 0;

	for (size_t i = 0; i < listing.n && total >= bytes && freed < bytes; i++)
		if (remove_item(cache->dir, &listing.items[i], true)) {
			freed += listing.items[i].bytes;
			gone++;
		}
	listing_done(&listing);
	return gone;
}

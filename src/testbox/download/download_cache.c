// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/download_cache.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/json.h"
#include "src/common/mem.h"
#include "src/common/url.h"
#include "src/testbox/download/download_cache_key.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define KNOWN_MAX 65536
#define MODE	  0600 /* it may have been had for a password only */

int download_cache_open(struct download_cache *ret, const char *path, struct failure *f)
{
	int r = file_make_dirs(path);
	int dir;

	if (r < 0)
		return fail_errno(f, -r, NULL, "cannot make the cache %s", path);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return fail_errno(f, errno, NULL, "cannot open the cache %s", path);
	*ret = (struct download_cache){ .path = xstrdup(path), .dir = dir };
	return 0;
}

void download_cache_close(struct download_cache *cache)
{
	if (cache->path)
		close(cache->dir);
	free(cache->path);
	*cache = (struct download_cache){ 0 };
}

static char *string_of(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? xstrdup(text) : NULL;
}

/* What cannot be read is not known: it is downloaded once more. */
static void read_known(int dir, struct cache_entry *entry)
{
	auto_free char *name = xasprintf("%s.json", entry->key);
	auto_free char *text = NULL, *key = NULL;
	auto_json json_t *object = NULL;

	if (file_read(dir, name, KNOWN_MAX, &text) < 0)
		return;
	object = json_loads(text, 0, NULL);
	key = string_of(object, "key");
	if (key && !strcmp(key, entry->key)) {
		entry->file = string_of(object, "file");
		entry->etag = string_of(object, "etag");
		entry->modified = string_of(object, "modified");
		entry->size = (uint64_t)json_integer_value(json_object_get(object, "size"));
		entry->asked_at = (uint64_t)json_integer_value(json_object_get(object, "asked_at"));
	}
	if (entry->file && !download_cache_key_is_of(entry->file, entry->key)) {
		free(entry->file);
		entry->file = NULL;
	}
}

/* For people there is the URL without a password and without its query. */
static int write_known(int dir, const struct cache_entry *entry)
{
	auto_free char *shown = url_place(entry->url);
	auto_free char *name = xasprintf("%s.json", entry->key);
	auto_json json_t *object = json_pack(
		"{ss ss ss si sI sI ss* ss*}", "key", entry->key, "url", shown, "file", entry->file,
		"version", 2, "size", (json_int_t)entry->size, "asked_at",
		(json_int_t)entry->asked_at, "etag", entry->etag, "modified", entry->modified);
	auto_free char *text = object ? json_dumps(object, JSON_INDENT(1)) : NULL;

	return text ? file_write(dir, name, text, MODE) : -EINVAL;
}

int download_cache_lock(const struct download_cache *cache, const char *url,
			struct cache_entry *ret, struct failure *f)
{
	char key[DOWNLOAD_CACHE_KEY_ROOM];
	int lock;

	download_cache_key_of(url, key);
	lock = download_cache_key_lock(cache->dir, key);
	if (lock == -EWOULDBLOCK || lock == -EINTR)
		return 0;
	if (lock < 0)
		return fail_errno(f, -lock, NULL, "cannot lock in the cache %s", cache->path);
	*ret = (struct cache_entry){ .url = xstrdup(url), .lock = lock };
	memcpy(ret->key, key, sizeof(key));
	read_known(cache->dir, ret);
	return 1;
}

void download_cache_unlock(struct cache_entry *entry)
{
	if (entry->url)
		close(entry->lock);
	free(entry->url);
	free(entry->file);
	free(entry->etag);
	free(entry->modified);
	*entry = (struct cache_entry){ 0 };
}

int download_cache_file(const struct download_cache *cache, const struct cache_entry *entry)
{
	auto_close int fd = -1;
	struct stat st;

	if (!entry->file)
		return -ENOENT;
	fd = openat(cache->dir, entry->file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size != entry->size)
		return -ENOENT;
	return steal_fd(&fd);
}

void download_cache_confirm(const struct download_cache *cache, struct cache_entry *entry)
{
	entry->asked_at = clock_wall_ns();
	write_known(cache->dir, entry);
}

static char *read_from(int dir, const struct cache_entry *entry)
{
	auto_free char *name = xasprintf("%s.from", entry->key);
	char *from = NULL;

	return file_read(dir, name, KNOWN_MAX, &from) == 0 ? from : NULL;
}

int download_cache_part(const struct download_cache *cache, const struct cache_entry *entry,
			char **ret_from, uint64_t *ret_size, struct failure *f)
{
	auto_free char *name = xasprintf("%s.part", entry->key);
	auto_close int fd = openat(cache->dir, name,
				   O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, MODE);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail_errno(f, errno, NULL, "cannot write to the cache %s", cache->path);
	*ret_size = (uint64_t)st.st_size;
	*ret_from = st.st_size ? read_from(cache->dir, entry) : NULL;
	return steal_fd(&fd);
}

void download_cache_part_drop(const struct download_cache *cache, const struct cache_entry *entry)
{
	auto_free char *part_name = xasprintf("%s.part", entry->key);
	auto_free char *from_name = xasprintf("%s.from", entry->key);

	unlinkat(cache->dir, part_name, 0);
	unlinkat(cache->dir, from_name, 0);
}

void download_cache_part_close(const struct download_cache *cache, const struct cache_entry *entry,
			       int part)
{
	struct stat st;

	if (fstat(part, &st) == 0 && st.st_size == 0)
		download_cache_part_drop(cache, entry);
	close(part);
}

int download_cache_part_restart(const struct download_cache *cache, const struct cache_entry *entry,
				int part, const char *from, struct failure *f)
{
	auto_free char *name = xasprintf("%s.from", entry->key);
	int r;

	/* Emptied first: a validator never stands beside another file's bytes. */
	if (ftruncate(part, 0) < 0)
		return fail_errno(f, errno, NULL, "cannot write to the cache %s", cache->path);
	if (from)
		r = file_write(cache->dir, name, from, MODE);
	else
		r = unlinkat(cache->dir, name, 0) < 0 && errno != ENOENT ? -errno : 0;
	return r < 0 ? fail_errno(f, -r, NULL, "cannot write to the cache %s", cache->path) : 0;
}

int download_cache_commit(const struct download_cache *cache, struct cache_entry *entry, int part,
			  const char *etag, const char *modified, struct failure *f)
{
	auto_free char *part_name = xasprintf("%s.part", entry->key);
	auto_free char *from_name = xasprintf("%s.from", entry->key);
	char *old = STEAL(entry->file);
	struct stat st;
	int r = 0;

	entry->file = xasprintf("%s.%llx.file", entry->key, (unsigned long long)clock_wall_ns());
	free(entry->etag);
	free(entry->modified);
	entry->etag = etag ? xstrdup(etag) : NULL;
	entry->modified = modified ? xstrdup(modified) : NULL;
	entry->asked_at = clock_wall_ns();
	/* The bytes reach the disk before the name that promises them. */
	if (fsync(part) < 0 || fstat(part, &st) < 0 ||
	    renameat(cache->dir, part_name, cache->dir, entry->file) < 0) {
		r = -errno;
	} else {
		entry->size = (uint64_t)st.st_size;
		r = write_known(cache->dir, entry);
	}
	if (r == 0 && old && strcmp(old, entry->file) != 0)
		unlinkat(cache->dir, old, 0);
	unlinkat(cache->dir, from_name, 0);
	free(old);
	return r < 0 ? fail_errno(f, -r, NULL, "cannot write to the cache %s", cache->path) : 0;
}

void download_cache_forget(const struct download_cache *cache, const char *url)
{
	auto_failure struct failure ignored = { 0 };
	struct cache_entry entry;
	auto_free char *name = NULL;

	if (download_cache_lock(cache, url, &entry, &ignored) != 1)
		return;
	name = xasprintf("%s.json", entry.key);
	unlinkat(cache->dir, name, 0);
	if (entry.file)
		unlinkat(cache->dir, entry.file, 0);
	download_cache_unlock(&entry);
}

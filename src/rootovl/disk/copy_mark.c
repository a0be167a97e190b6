// SPDX-License-Identifier: GPL-2.0-or-later
/* The mark of a whole copy: what makes it count. */
#include "src/rootovl/disk/copy.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>

#define MARK_MAX 16384

static uint64_t number(const json_t *json, const char *name)
{
	json_int_t value = json_integer_value(json_object_get(json, name));

	return value > 0 ? (uint64_t)value : 0;
}

int cache_mark_read(int dir, struct cache_mark *ret)
{
	auto_close int fd = openat(dir, CACHE_MADE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	auto_free char *text = NULL;
	const char *of;
	json_t *json;
	size_t len;
	int r;

	if (fd < 0)
		return -errno;
	r = file_read_fd(fd, MARK_MAX, &text, &len);
	if (r < 0)
		return r;
	json = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	of = json_string_value(json_object_get(json, "of"));
	if (of) {
		ret->of = xstrdup(of);
		ret->count.entries = number(json, "entries");
		ret->count.bytes = number(json, "bytes");
		ret->count.room = number(json, "room");
	}
	json_decref(json);
	return of ? 0 : -EINVAL;
}

int cache_mark_write(int dir, const struct cache_mark *mark)
{
	json_t *json;
	char *text;
	int r;

	/* The copy is durable before anything says so; it gives errors of writing from Linux 5.8
	 * on. */
	if (syncfs(dir) < 0)
		return -errno;
	json = json_pack("{s:s, s:I, s:I, s:I}", "of", mark->of, "entries",
			 (json_int_t)mark->count.entries, "bytes", (json_int_t)mark->count.bytes,
			 "room", (json_int_t)mark->count.room);
	text = json ? json_dumps(json, JSON_INDENT(2) | JSON_ENSURE_ASCII) : NULL;
	json_decref(json);
	r = text ? file_write_durable(dir, CACHE_MADE, text, 0600) : -EINVAL;
	free(text);
	return r;
}

void cache_mark_done(struct cache_mark *mark)
{
	free(mark->of);
	*mark = (struct cache_mark){ 0 };
}

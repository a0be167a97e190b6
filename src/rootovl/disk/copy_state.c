// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/disk/copy_state.h"

#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#define STATE	  "state"
#define STATE_MAX 16384

static const char *const kinds[] = {
	[COPY_PART] = "part",
	[COPY_WHOLE] = "whole",
	[COPY_LARGE] = "large",
};

static const struct number {
	const char *name;
	size_t at;
} numbers[] = {
	{ "entries", offsetof(struct copy_state, entries) },
	{ "bytes", offsetof(struct copy_state, bytes) },
	{ "room", offsetof(struct copy_state, room) },
	{ "tries", offsetof(struct copy_state, tries) },
	{ "disk", offsetof(struct copy_state, disk) },
};

/*
 * Takes the next line from the text, which must begin with `word`. Returns its value, never empty,
 * or NULL.
 */
static const char *take(char **text, const char *word)
{
	char *line = *text, *end = strchr(line, '\n');
	size_t len = strlen(word);

	if (!end || strncmp(line, word, len) != 0 || line[len] != ' ' || line + len + 1 == end)
		return NULL;
	*end = '\0';
	*text = end + 1;
	return line + len + 1;
}

static int parse_number(const char *value, void *ret)
{
	char *end;

	errno = 0;
	*(uint64_t *)ret = strtoull(value, &end, 10);
	return *value >= '0' && *value <= '9' && !*end && errno == 0 ? 0 : -EINVAL;
}

static int parse(char *text, struct copy_state *state)
{
	const char *value = take(&text, "copy");
	size_t kind = 0;

	while (value && kind < ARRAY_SIZE(kinds) && strcmp(kinds[kind], value) != 0)
		kind++;
	if (!value || kind == ARRAY_SIZE(kinds))
		return -EINVAL;
	state->kind = (enum copy_kind)kind;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		value = take(&text, numbers[i].name);
		if (!value || parse_number(value, (char *)state + numbers[i].at) < 0)
			return -EINVAL;
	}
	while (*text) {
		auto_free char *before = state->of;

		value = take(&text, "of");
		state->of = value ? xasprintf("%s%s\n", before ? before : "", value) : NULL;
		if (!value)
			return -EINVAL;
	}
	return !state->of == (state->kind == COPY_LARGE) ? 0 : -EINVAL;
}

int copy_state_read(int dir, struct copy_state *ret)
{
	auto_close int fd = openat(dir, STATE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	auto_free char *text = NULL;
	size_t len;
	int r;

	if (fd < 0)
		return -errno;
	r = file_read_fd(fd, STATE_MAX, &text, &len);
	if (r == 0)
		r = strlen(text) == len ? parse(text, ret) : -EINVAL;
	if (r < 0)
		copy_state_done(ret);
	return r;
}

int copy_state_write(int dir, const struct copy_state *state)
{
	auto_strv char **of = state->of ? strv_split(state->of, "\n") : NULL;
	auto_free char *text = xasprintf("copy %s\n", kinds[state->kind]);

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		const void *number = (const char *)state + numbers[i].at;

		set_text(&text, xasprintf("%s%s %" PRIu64 "\n", text, numbers[i].name,
					  *(const uint64_t *)number));
	}
	for (size_t i = 0; i < strv_len(of); i++)
		set_text(&text, xasprintf("%sof %s\n", text, of[i]));
	return file_write_durable(dir, STATE, text, 0600);
}

int copy_state_remove(int dir)
{
	if (unlinkat(dir, STATE, 0) < 0 && errno != ENOENT)
		return -errno;
	return fsync(dir) < 0 ? -errno : 0;
}

int copy_state_unmake(int dir)
{
	auto_copy_state struct copy_state state = { 0 };
	int r = copy_state_read(dir, &state);

	if (r == 0 && state.kind == COPY_WHOLE) {
		state.kind = COPY_PART;
		r = copy_state_write(dir, &state);
	}
	/* On a full disk a file can still be removed. */
	return r < 0 ? copy_state_remove(dir) : 0;
}

void copy_state_done(struct copy_state *state)
{
	free(state->of);
	*state = (struct copy_state){ 0 };
}

bool copy_state_is_of(const char *of, const char *key)
{
	size_t len = strlen(key);

	return !strncmp(of, key, len) && of[len] == '\n';
}

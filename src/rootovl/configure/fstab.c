// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/fstab.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/mount_safe.h"

#include <errno.h>
#include <string.h>

#define BLANKS " \t"

enum field {
	FIELD_SOURCE,
	FIELD_DIR,
	FIELD_TYPE,
	FIELD_OPTIONS,
	FIELDS,
};

struct span {
	const char *start;
	size_t len; /* 0: the line has no such field */
};

/* Splits what lies in [line, line + len) into its first fields. */
static void split(const char *line, size_t len, struct span fields[FIELDS])
{
	const char *end = line + len;

	for (int i = 0; i < FIELDS; i++) {
		while (line < end && strchr(BLANKS, *line))
			line++;
		fields[i].start = line;
		while (line < end && !strchr(BLANKS, *line))
			line++;
		fields[i].len = (size_t)(line - fields[i].start);
	}
}

/* Splits a line, and tells whether it is a mount at all. */
static bool split_mount(const char *line, size_t len, struct span fields[FIELDS])
{
	split(line, len, fields);
	return fields[FIELD_DIR].len && fields[FIELD_SOURCE].start[0] != '#';
}

static char *text_of(const struct span *field)
{
	return xstrndup(field->start, field->len);
}

/* The next line of a text: its length without its end, and with it. */
static size_t next_line(const char *text, size_t *ret_plain)
{
	size_t len = strcspn(text, "\n"), plain = len;

	while (plain && text[plain - 1] == '\r')
		plain--;
	*ret_plain = plain;
	return len + (text[len] == '\n');
}

int fstab_read(const char *text, struct mount_table *table)
{
	size_t len, plain;

	for (; *text; text += len) {
		auto_free char *source = NULL, *dir = NULL, *type = NULL, *options = NULL;
		struct span fields[FIELDS];

		len = next_line(text, &plain);
		if (!split_mount(text, plain, fields))
			continue;
		source = text_of(&fields[FIELD_SOURCE]);
		dir = text_of(&fields[FIELD_DIR]);
		type = text_of(&fields[FIELD_TYPE]);
		options = text_of(&fields[FIELD_OPTIONS]);
		if (!mount_table_add(table, source, dir, type, options))
			return -E2BIG;
	}
	return 0;
}

/* Writes a line of a mount, which is `len` bytes without its end. */
static void put_mount(FILE *out, const char *line, size_t len, const struct span fields[FIELDS],
		      const struct mount_entry *mount)
{
	const struct span *options = &fields[FIELD_OPTIONS], *last = options;
	auto_free char *given = text_of(options), *safe = NULL;
	size_t head;

	if (mount->out) {
		fprintf(out, FSTAB_MARK "%.*s", (int)len, line);
		return;
	}
	/* What is bound has no device of its own to wait for. */
	safe = mount_safe_options(mount->bound ? MOUNT_NETWORK : mount->kind, given);
	/* What is absent goes behind the last field that there is. */
	while (last->len == 0)
		last--;
	head = (size_t)((options->len ? options->start : last->start + last->len) - line);
	if (!safe)
		fwrite(line, 1, len, out);
	else
		fprintf(out, "%.*s%s%s%s%.*s", (int)head, line, options->len ? "" : " ",
			fields[FIELD_TYPE].len ? "" : "auto ", safe,
			(int)(len - head - options->len), line + head + options->len);
}

static void put_text(FILE *out, const char *text, const struct mount_entry *mount)
{
	size_t len, plain;

	for (; *text; text += len) {
		struct span fields[FIELDS];

		len = next_line(text, &plain);
		if (split_mount(text, plain, fields))
			put_mount(out, text, plain, fields, mount++);
		else
			fwrite(text, 1, plain, out);
		fwrite(text + plain, 1, len - plain, out);
	}
}

int fstab_safe_text(const char *text, const struct mount_table *table, size_t first, char **ret)
{
	auto_free char *safe = NULL;
	size_t size;
	FILE *out = open_memstream(&safe, &size);
	bool failed;

	if (!out)
		return -ENOMEM;
	put_text(out, text, &table->entries[first]);
	failed = ferror(out);
	if (fclose(out) != 0 || failed)
		return -ENOMEM;
	*ret = strcmp(text, safe) != 0 ? STEAL(safe) : NULL;
	return 0;
}

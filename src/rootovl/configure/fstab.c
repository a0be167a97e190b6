// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines are changed where they must be and copied byte for byte elsewhere. */
#include "src/rootovl/configure/fstab.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define FSTAB	       "/etc/fstab"
#define FSTAB_SIZE_MAX ((size_t)1 << 20)
#define MARK	       "# rootovl: "
#define BLANKS	       " \t"

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

static bool is(const struct span *span, const char *word)
{
	return span->len == strlen(word) && strncmp(span->start, word, span->len) == 0;
}

/* "/", also when it is written "//" or by the escape \057. */
static bool is_root(const struct span *dir)
{
	const char *c = dir->start, *end = c + dir->len;

	while (c < end) {
		if (*c == '/' || (*c == '.' && (c + 1 == end || c[1] == '/')))
			c++;
		else if (end - c >= 4 && strncmp(c, "\\057", 4) == 0)
			c += 4;
		else
			return false;
	}
	return dir->len > 0;
}

static bool has_option(const struct span *options, const char *name)
{
	const char *end = options->start + options->len;
	size_t len = strlen(name);

	for (const char *c = options->start; c < end;) {
		const char *comma = memchr(c, ',', (size_t)(end - c));
		size_t n = (size_t)((comma ? comma : end) - c);

		if (n == len && strncmp(c, name, len) == 0)
			return true;
		c += n + 1;
	}
	return false;
}

/* Writes one line, which is `len` bytes without its end. */
static void put_line(FILE *out, const char *line, size_t len)
{
	struct span fields[FIELDS];
	const struct span *options = &fields[FIELD_OPTIONS];
	const char *more;
	size_t head;

	split(line, len, fields);
	if (fields[FIELD_DIR].len == 0 || fields[FIELD_SOURCE].start[0] == '#') {
		fwrite(line, 1, len, out);
		return;
	}
	if (is_root(&fields[FIELD_DIR]) || is(&fields[FIELD_DIR], "swap") ||
	    is(&fields[FIELD_TYPE], "swap")) {
		fprintf(out, MARK "%.*s", (int)len, line);
		return;
	}
	if (has_option(options, "nofail") || has_option(options, "noauto")) {
		fwrite(line, 1, len, out);
		return;
	}
	if (options->len)
		more = ",nofail";
	else
		more = fields[FIELD_TYPE].len ? " defaults,nofail" : " auto defaults,nofail";
	/* Behind the last field that there is, in front of what follows it. */
	for (head = 0; head < FIELDS && fields[head].len; head++)
		;
	head = (size_t)(fields[head - 1].start + fields[head - 1].len - line);
	fprintf(out, "%.*s%s%.*s", (int)head, line, more, (int)(len - head), line + head);
}

static void put_text(FILE *out, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), plain = len;

		while (plain && text[plain - 1] == '\r')
			plain--;
		put_line(out, text, plain);
		text += plain;
		len -= plain;
		if (text[len] == '\n')
			len++;
		fwrite(text, 1, len, out);
		text += len;
	}
}

int fstab_safe_text(const char *text, char **ret)
{
	auto_free char *safe = NULL;
	size_t size;
	FILE *out = open_memstream(&safe, &size);
	bool failed;

	if (!out)
		return -ENOMEM;
	put_text(out, text);
	failed = ferror(out);
	if (fclose(out) != 0 || failed)
		return -ENOMEM;
	*ret = strcmp(text, safe) != 0 ? STEAL(safe) : NULL;
	return 0;
}

int fstab_make_safe(struct newroot *nr, struct failure *f)
{
	static const char hint[] = "correct it, or boot with rootovl.fstab=keep";
	auto_free char *text = NULL, *safe = NULL;
	struct stat st;
	size_t len;
	int r = newroot_read(nr, FSTAB, FSTAB_SIZE_MAX, &text, &len);

	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = newroot_stat(nr, FSTAB, true, &st);
	if (r < 0)
		return fail_errno(f, -r, hint, FSTAB);
	if (strlen(text) != len)
		return fail(f, EINVAL, hint, FSTAB ": it is no text");
	if (fstab_safe_text(text, &safe) < 0)
		return fail_errno(f, ENOMEM, NULL, FSTAB);
	/* As it is, too: systemd reads it again, and again in the root, and asks no server then. */
	if (!safe && newroot_is_lower_file(nr, FSTAB))
		safe = STEAL(text);
	if (!safe)
		return 0;
	return newroot_replace(nr, FSTAB, safe, strlen(safe), &st, f);
}

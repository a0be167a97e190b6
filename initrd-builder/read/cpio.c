// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/cpio.h"

#include "src/common/mem.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define MAGIC	      6
#define FIELDS	      13
#define HEADER	      (MAGIC + FIELDS * 8)
#define TRAILER	      "TRAILER!!!"
#define PADDED(n)     (((n) + CPIO_ALIGNMENT - 1) / CPIO_ALIGNMENT * CPIO_ALIGNMENT)
#define NAME_PAD(len) (PADDED(HEADER + (len)) - HEADER)

struct header {
	struct cpio_entry entry;
	uint32_t name_len; /* with its NUL */
	uint32_t sum;
};

static int cut_off(struct failure *f, const char *what)
{
	return fail(f, ENODATA, NULL, "the archive ends in the middle of %s", what);
}

/* Eight hexadecimal digits, and nothing else: what the kernel would make of others, differs. */
static int parse_field(const uint8_t *text, uint32_t *ret)
{
	*ret = 0;
	for (size_t i = 0; i < 8; i++) {
		uint8_t c = text[i];
		unsigned digit;

		if (c >= '0' && c <= '9')
			digit = c - '0';
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (c | 0x20) - 'a' + 10;
		else
			return -EBADMSG;
		*ret = *ret << 4 | digit;
	}
	return 0;
}

static int parse_header(const uint8_t *text, struct header *ret, struct failure *f)
{
	struct cpio_entry *e = &ret->entry;
	uint32_t mode = 0;
	uint32_t *const fields[FIELDS] = {
		&e->ino,   &mode,     &e->uid,	  &e->gid,    &e->nlink,      &e->mtime, &e->size,
		&e->major, &e->minor, &e->rmajor, &e->rminor, &ret->name_len, &ret->sum,
	};

	*ret = (struct header){ 0 };
	if (memcmp(text, "070707", MAGIC) == 0)
		return fail(f, EBADMSG, "make it with cpio -H newc",
			    "a cpio archive of the old format");
	if (memcmp(text, "070701", MAGIC) != 0 && memcmp(text, "070702", MAGIC) != 0)
		return fail(f, EBADMSG, NULL, "no header of an archive where one must be");
	e->checksum = text[MAGIC - 1] == '2';
	for (size_t i = 0; i < FIELDS; i++) {
		if (parse_field(text + MAGIC + i * 8, fields[i]) < 0)
			return fail(f, EBADMSG, NULL, "a header whose numbers are none");
	}
	e->mode = mode;
	return 0;
}

/* As do_header() of the kernel does; a target of PATH_MAX bytes loses its last one, or all. */
static const char *skipped(const struct header *header)
{
	const struct cpio_entry *e = &header->entry;

	if (header->name_len == 0)
		return "it has no name";
	if (header->name_len > PATH_MAX)
		return "its name is longer than the kernel takes";
	if (S_ISLNK(e->mode) && e->size >= PATH_MAX)
		return "its target is longer than the kernel takes";
	if (!S_ISREG(e->mode) && !S_ISLNK(e->mode) && e->size)
		return "it has contents, and is no file";
	return NULL;
}

/* The name, of which no more than the limit is kept; the input stands behind it then. */
static int read_name(struct input *input, const struct header *header, char **ret,
		     struct failure *f)
{
	size_t len = header->name_len, left = NAME_PAD((size_t)header->name_len);
	size_t keep = len < PATH_MAX ? len : PATH_MAX;
	const uint8_t *data;
	ssize_t n = input_look(input, keep, &data, f);

	if (n < 0)
		return (int)n;
	if ((size_t)n < keep)
		return cut_off(f, "a name");
	/* More than one NUL is fine: some tools put the contents on a page by that. */
	if (len && len <= PATH_MAX && data[len - 1] != '\0')
		return fail(f, EBADMSG, NULL, "a name that does not end where it should");
	*ret = xstrndup((const char *)data, keep);
	while (left) {
		n = input_look(input, 1, &data, f);
		if (n < 0)
			return (int)n;
		if (n == 0)
			return cut_off(f, "a name");
		n = (size_t)n < left ? n : (ssize_t)left;
		input_take(input, (size_t)n);
		left -= (size_t)n;
	}
	return 0;
}

static int read_target(struct input *input, uint32_t size, char **ret, struct failure *f)
{
	const uint8_t *data;
	ssize_t n = input_look(input, size, &data, f);

	if (n < 0)
		return (int)n;
	if ((size_t)n < size)
		return cut_off(f, "a link");
	*ret = xstrndup((const char *)data, size);
	return 0;
}

static int read_content(struct input *input, const struct header *header,
			const struct cpio_events *events, struct failure *f)
{
	size_t left = header->entry.size;
	uint32_t sum = 0;

	while (left) {
		const uint8_t *data;
		ssize_t n = input_look(input, 1, &data, f);
		int r;

		if (n < 0)
			return (int)n;
		if (n == 0)
			return cut_off(f, header->entry.name);
		n = (size_t)n < left ? n : (ssize_t)left;
		r = events->content ? events->content(events->arg, data, (size_t)n) : 0;
		if (r)
			return r;
		for (ssize_t i = 0; header->entry.checksum && i < n; i++)
			sum += data[i];
		input_take(input, (size_t)n);
		left -= (size_t)n;
	}
	if (header->entry.checksum && S_ISREG(header->entry.mode) && sum != header->sum)
		return fail(f, EBADMSG, NULL, "%s: its contents do not have the checksum it says",
			    header->entry.name);
	return 0;
}

/* An archive that ends with its last byte needs no padding there. */
static int skip_padding(struct input *input, uint32_t size, struct failure *f)
{
	size_t want = PADDED((size_t)size) - size;
	const uint8_t *data;
	ssize_t n = input_look(input, want, &data, f);

	if (n > 0)
		input_take(input, (size_t)n < want ? (size_t)n : want);
	return n < 0 ? (int)n : 0;
}

/* do_symlink() of the kernel does not look for the trailer's name, do_name() does. */
static bool is_trailer(const struct cpio_entry *e)
{
	return !e->skipped && !S_ISLNK(e->mode) && strcmp(e->name, TRAILER) == 0;
}

static bool has_type(mode_t mode)
{
	return S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode) || S_ISCHR(mode) || S_ISBLK(mode) ||
	       S_ISFIFO(mode) || S_ISSOCK(mode);
}

static int read_rest(struct input *input, struct header *header, const struct cpio_events *events,
		     struct failure *f)
{
	auto_free char *name = NULL, *target = NULL;
	struct cpio_entry *e = &header->entry;
	int r = read_name(input, header, &name, f);

	if (r < 0)
		return r;
	e->name = name;
	e->skipped = skipped(header);
	if (is_trailer(e)) {
		r = read_content(input, header, &(struct cpio_events){ 0 }, f);
		return r < 0 ? r : (r = skip_padding(input, e->size, f)) < 0 ? r : CPIO_TRAILER;
	}
	if (!e->skipped && !has_type(e->mode))
		e->skipped = "it is of no type that the kernel knows";
	if (S_ISLNK(e->mode) && !e->skipped) {
		r = read_target(input, e->size, &target, f);
		if (r < 0)
			return r;
		e->target = target;
	}
	r = events->entry(events->arg, e);
	if (r == 0)
		r = read_content(input, header, events, f);
	if (r == 0)
		r = skip_padding(input, e->size, f);
	return r ? r : CPIO_ENTRY;
}

int cpio_read(struct input *input, const struct cpio_events *events, struct failure *f)
{
	struct header header;
	const uint8_t *data;
	ssize_t n = input_look(input, HEADER, &data, f);
	int r;

	if (n < 0)
		return (int)n;
	if (n < MAGIC)
		return cut_off(f, "a header");
	if (n < HEADER)
		return memcmp(data, "07070", 5) == 0 ? cut_off(f, "a header")
						     : fail(f, EBADMSG, NULL, "no archive");
	r = parse_header(data, &header, f);
	if (r < 0)
		return r;
	input_take(input, HEADER);
	return read_rest(input, &header, events, f);
}

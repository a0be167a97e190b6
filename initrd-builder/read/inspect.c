// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/inspect.h"

#include "initrd-builder/base/path.h"
#include "initrd-builder/read/finding.h"
#include "initrd-builder/read/image_notes.h"
#include "initrd-builder/read/purpose.h"
#include "initrd-builder/read/segments.h"
#include "src/common/json.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#define BUDGET ((uint64_t)64 << 30) /* what is unpacked of all files together: bombs end here */

#define RECORD_MAX 4096 /* bytes of a record that are shown */

#define LISTED_MAX (1u << 18) /* entries that are held for --json, some 1 kB each */

/* The look at one file. */
struct inspection {
	const struct inspect_options *options;
	unsigned *listed; /* entries of all files */
	struct failure *f;
	struct purpose *purpose; /* of the segment that is read */
	struct strv rows;	 /* the table, without --json */
	json_t *segments;	 /* with --json */
	json_t *entries;	 /* of the segment, with --list too */
	json_t *problems;
	unsigned n_problems; /* all of them: only the first are shown */
	char *record;	     /* what the segment's archives say of their making */
	bool in_record;
	bool damaged;
};

/* What an image of ours says of its own making. */
static const char *const records[] = { USERSPACE_NOTES, KERNEL_RECORD };

static int on_begin(void *arg, const struct segment *segment)
{
	struct inspection *i = arg;

	(void)segment;
	purpose_free(i->purpose);
	i->purpose = purpose_new();
	free(i->record);
	i->record = xstrdup("");
	if (i->options->json && i->options->list)
		i->entries = json_array();
	return 0;
}

/* What the kernel would say of a name that is no text: JSON holds UTF-8 alone. */
static json_t *json_text(const char *text)
{
	json_t *value = json_string(text);
	json_t *bytes;

	if (value)
		return value;
	bytes = json_array();
	for (; *text; text++)
		json_array_append_new(bytes, json_integer((unsigned char)*text));
	return bytes;
}

static const char type_letters[16] = { '?', 'p', 'c', '?', 'd', '?', 'b', '?',
				       '-', '?', 'l', '?', 's', '?', '?', '?' };

static void list_json(struct inspection *i, const struct cpio_entry *e)
{
	char type[2] = { type_letters[e->mode >> 12 & 15], '\0' };
	json_t *entry = json_object();

	json_object_set_new(entry, "path", json_text(e->name));
	json_object_set_new(entry, "type", json_string(type));
	json_object_set_new(entry, "mode", json_integer(e->mode & 07777));
	json_object_set_new(entry, "uid", json_integer(e->uid));
	json_object_set_new(entry, "gid", json_integer(e->gid));
	json_object_set_new(entry, "size", json_integer(e->size));
	json_object_set_new(entry, "mtime", json_integer(e->mtime));
	if (e->target)
		json_object_set_new(entry, "target", json_text(e->target));
	if (S_ISCHR(e->mode) || S_ISBLK(e->mode)) {
		json_object_set_new(entry, "major", json_integer(e->rmajor));
		json_object_set_new(entry, "minor", json_integer(e->rminor));
	}
	json_array_append_new(i->entries, entry);
}

static void list_text(const struct segment *segment, const struct cpio_entry *e)
{
	char rights[] = "rwxrwxrwx";

	for (unsigned bit = 0; bit < 9; bit++) {
		if (!(e->mode & (0400u >> bit)))
			rights[bit] = '-';
	}
	if (e->mode & S_ISUID)
		rights[2] = e->mode & S_IXUSR ? 's' : 'S';
	if (e->mode & S_ISGID)
		rights[5] = e->mode & S_IXGRP ? 's' : 'S';
	if (e->mode & S_ISVTX)
		rights[8] = e->mode & S_IXOTH ? 't' : 'T';
	one_line_print(stdout, "%3u  %c%s %5" PRIu32 " %5" PRIu32 " %10" PRIu32 "  %s%s%s",
		       segment->number, type_letters[e->mode >> 12 & 15], rights, e->uid, e->gid,
		       e->size, e->name, e->target ? " -> " : "", e->target ? e->target : "");
}

static int on_entry(void *arg, const struct segment *segment, const struct cpio_entry *e)
{
	struct inspection *i = arg;
	auto_free char *path = path_clean(e->name);

	purpose_add(i->purpose, path, !S_ISDIR(e->mode));
	i->in_record = false;
	for (size_t n = 0; n < ARRAY_SIZE(records); n++)
		i->in_record |= S_ISREG(e->mode) && !strcmp(path, records[n]);
	if (i->entries && ++*i->listed > LISTED_MAX)
		return fail(i->f, E2BIG, "without --json all are shown", "more than %u entries",
			    LISTED_MAX);
	if (i->entries)
		list_json(i, e);
	else if (i->options->list)
		list_text(segment, e);
	return 0;
}

static int on_content(void *arg, const void *data, size_t n)
{
	struct inspection *i = arg;
	size_t had = strlen(i->record);
	char *record = i->record;

	if (!i->in_record)
		return 0;
	if (n > RECORD_MAX - had)
		n = RECORD_MAX - had;
	i->record = xasprintf("%s%.*s", record, (int)n, (const char *)data);
	free(record);
	return 0;
}

static json_t *record_json(char *const *lines)
{
	json_t *record = json_array();

	for (; lines && *lines; lines++)
		json_array_append_new(record, json_text(*lines));
	return record;
}

static void end_json(struct inspection *i, const struct segment *s, const char *purpose,
		     char *const *record)
{
	json_t *segment = json_object();

	json_object_set_new(segment, "number", json_integer(s->number));
	json_object_set_new(segment, "offset", json_integer((json_int_t)s->offset));
	json_object_set_new(segment, "size", json_integer((json_int_t)s->size));
	json_object_set_new(segment, "padding", json_integer((json_int_t)s->padding));
	json_object_set_new(segment, "compression",
			    s->codec ? json_string(s->codec->name) : json_null());
	json_object_set_new(segment, "entries", json_integer((json_int_t)s->entries));
	json_object_set_new(segment, "unpacked", json_integer((json_int_t)s->unpacked));
	json_object_set_new(segment, "purpose", json_text(purpose));
	json_object_set_new(segment, "record", record_json(record));
	if (i->entries)
		json_object_set_new(segment, "list", STEAL(i->entries));
	json_array_append_new(i->segments, segment);
}

static int on_end(void *arg, const struct segment *s)
{
	struct inspection *i = arg;
	auto_free char *purpose = one_line(purpose_text(i->purpose));
	auto_strv char **record = strv_split(i->record, "\n");

	if (i->options->json) {
		end_json(i, s, purpose, record);
		return 0;
	}
	strv_push(&i->rows, xasprintf("%3u  %12" PRIu64 " %12" PRIu64 "  %-12s %8" PRIu64
				      " %12" PRIu64 "  %s",
				      s->number, s->offset, s->size, segments_compression(s),
				      s->entries, s->unpacked, purpose));
	for (char **line = record; line && *line; line++) {
		auto_free char *shown = one_line_of(*line);

		strv_push(&i->rows, xasprintf("     %s", shown));
	}
	return 0;
}

static int on_problem(void *arg, const struct segment *s, const char *text, bool fatal)
{
	struct inspection *i = arg;

	(void)fatal;
	i->damaged = true;
	if (++i->n_problems > FINDINGS_MAX)
		return 0;
	if (i->options->json)
		json_array_append_new(i->problems, json_pack("{s:I, s:s*}", "offset",
							     (json_int_t)s->offset, "text", text));
	else if (s->number)
		strv_push(&i->rows, xasprintf("     ! segment %u: %s", s->number, text));
	else
		strv_push(&i->rows, xasprintf("     ! at %" PRIu64 ": %s", s->offset, text));
	return 0;
}

static void show_text(const struct inspection *i, const char *path, off_t size)
{
	one_line_print(stdout, "%s: %jd bytes", path, (intmax_t)size);
	if (i->rows.n)
		one_line_print(stdout, "%3s  %12s %12s  %-12s %8s %12s  %s", "", "offset", "size",
			       "compression", "entries", "unpacked", "what it is");
	for (size_t row = 0; row < i->rows.n; row++)
		one_line_print(stdout, "%s", i->rows.list[row]);
	if (i->n_problems > FINDINGS_MAX)
		one_line_print(stdout, "     ! and %u more", i->n_problems - FINDINGS_MAX);
}

static void inspection_done(struct inspection *i)
{
	purpose_free(i->purpose);
	free(i->record);
	strv_done(&i->rows);
	json_decref(i->segments);
	json_decref(i->entries);
	json_decref(i->problems);
}

static json_t *file_json(const struct inspection *i, const char *path, off_t size)
{
	json_t *file =
		json_pack("{s:o, s:I, s:O, s:O}", "file", json_text(path), "size", (json_int_t)size,
			  "segments", i->segments, "problems", i->problems);

	if (i->n_problems > FINDINGS_MAX)
		json_object_set_new(file, "more_problems",
				    json_integer(i->n_problems - FINDINGS_MAX));
	return file;
}

static int inspect_file(const char *path, int fd, uint64_t *budget, unsigned *listed,
			const struct inspect_options *options, json_t *files, struct failure *f)
{
	__attribute__((cleanup(inspection_done))) struct inspection i = { .options = options,
									  .listed = listed,
									  .f = f };
	const struct segments_events events = { on_begin, on_entry,   on_content,
						on_end,	  on_problem, &i };
	auto_input struct input *input = input_new(input_from_fd, &fd);
	struct stat st;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail_errno(f, fd < 0 ? -fd : errno, NULL, "%s", path);
	i.segments = json_array();
	i.problems = json_array();
	r = segments_walk(input, budget, &events, f);
	if (r < 0) {
		failure_prefix(f, "%s", path);
		return r;
	}
	if (options->json)
		json_array_append_new(files, file_json(&i, path, st.st_size));
	else
		show_text(&i, path, st.st_size);
	return i.damaged;
}

int inspect_files(char *const *paths, const int *fds, const struct inspect_options *options,
		  struct failure *f)
{
	auto_json json_t *files = json_array();
	uint64_t budget = BUDGET;
	unsigned listed = 0;
	int damaged = 0, r = 0;

	for (; *paths && r >= 0; paths++, fds++) {
		r = inspect_file(*paths, *fds, &budget, &listed, options, files, f);
		damaged |= r == 1;
	}
	if (r >= 0 && options->json &&
	    (json_dumpf(files, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII) < 0 ||
	     fputc('\n', stdout) < 0))
		r = fail_errno(f, EIO, NULL, "standard output");
	return r < 0 ? r : damaged;
}
